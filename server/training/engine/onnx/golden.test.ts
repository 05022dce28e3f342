/** Logits, log-probabilities, gradients and optimizer steps of every architecture against PyTorch. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Objective } from "../../objectives/objective.ts";
import type { PolicyEngine } from "../policyEngine.ts";
import { createOnnxEngine } from "./engine.ts";
import { readModelConfig } from "./model/modelConfig.ts";
import { gradientOf } from "./policyGraphs.ts";
import {
  goldenDir,
  goldenMiniBatch,
  goldenModels,
  readGolden,
  readGradients,
  relativeError,
} from "./testing/golden.ts";
import { assertDistributions, graphGradients, logSoftmax } from "./testing/goldenChecks.ts";
import { decodedLogprobs, policyIn, trainingLogits } from "./testing/goldenLogits.ts";

const optimizer = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };

async function engineFor(model: string, microBatchTokens = 4096, overrides = {}): Promise<PolicyEngine> {
  return createOnnxEngine({
    model: goldenDir(model),
    device: "cpu",
    threads: 2,
    microBatchTokens,
    optimizer: { ...optimizer, ...overrides },
  });
}

test("the golden prompts reach beyond the context that llama3 scaling starts from", () => {
  const { ropeScaling } = readModelConfig(goldenDir("llama3"));
  assert.ok(ropeScaling?.kind === "llama3");
  assert.ok(readGolden("llama3").groups.some(({ prompt }) => prompt.length > ropeScaling.originalPositions));
});

for (const model of goldenModels) {
  const golden = readGolden(model);
  const groups = goldenMiniBatch(golden);

  test(`${model}: logits of the training graph agree with PyTorch`, async () => {
    assertDistributions(await trainingLogits(policyIn(goldenDir(model)), groups), (logits) => logits, golden);
  });

  test(`${model}: prefilling and decoding step by step give PyTorch's distributions`, async () => {
    assertDistributions(await decodedLogprobs(policyIn(goldenDir(model)), groups), logSoftmax, golden);
  });

  test(`${model}: log-probabilities agree with PyTorch`, async () => {
    const engine = await engineFor(model);
    const logprobs = await engine.logprobs(groups, "current", golden.temperature);
    for (const [g, { completions }] of golden.groups.entries()) {
      for (const [c, completion] of completions.entries()) {
        for (const [t, expected] of completion.logprobs.entries()) {
          assert.ok(
            Math.abs((logprobs[g]?.[c]?.[t] as number) - expected) < 1e-5,
            `group ${g}, completion ${c}, token ${t}`,
          );
        }
      }
    }
    await engine.dispose();
  });

  test(`${model}: gradients of both objectives agree with PyTorch`, async () => {
    const objectives: [string, Objective, number][] = [
      ["supervised", { kind: "supervised" }, golden.supervised.temperature],
      ["grpo", golden.grpo.objective, golden.temperature],
    ];
    for (const [name, objective, temperature] of objectives) {
      const gradients = await graphGradients(policyIn(goldenDir(model)), groups, objective, temperature);
      for (const [parameter, expected] of readGradients(model, name)) {
        const error = relativeError(gradients.get(gradientOf(parameter)) as Float32Array, expected);
        // A gradient that is zero but for rounding (the key biases') has no relative error worth the name.
        const scale = Math.hypot(...expected);
        assert.ok(error < 1e-4 || scale < 1e-6, `${name}, ${parameter}: relative error ${error}, norm ${scale}`);
      }
    }
  });

  test(`${model}: AdamW steps give PyTorch's losses, in one micro-batch and in many`, async () => {
    for (const run of golden.supervised.adamw) {
      for (const microBatchTokens of [4096, 24]) {
        const engine = await engineFor(model, microBatchTokens, {
          weightDecay: run.weightDecay,
          maxGradNorm: run.maxGradNorm,
        });
        for (const [step, expected] of run.losses.entries()) {
          const request = {
            groups,
            objective: { kind: "supervised" } as const,
            temperature: golden.supervised.temperature,
          };
          const metrics = await engine.update({ ...request, learningRate: run.learningRate });
          assert.ok(Math.abs(metrics.loss - expected) < 2e-4, `step ${step}: ${metrics.loss} instead of ${expected}`);
          assert.ok(microBatchTokens > 24 || metrics.microBatches > 1);
        }
        await engine.dispose();
      }
    }
  });

  test(`${model}: the GRPO loss and its gradient's norm agree with PyTorch`, async () => {
    const engine = await engineFor(model);
    const { objective, loss, gradNorm } = golden.grpo;
    const metrics = await engine.update({ groups, objective, temperature: golden.temperature, learningRate: 1e-4 });
    assert.ok(Math.abs(metrics.loss - loss) < 1e-5, `${metrics.loss} instead of ${loss}`);
    assert.ok(Math.abs(metrics.gradNorm / gradNorm - 1) < 1e-4, `${metrics.gradNorm} instead of ${gradNorm}`);
    assert.ok(
      Math.abs(
        (metrics.entropies?.[0]?.[0]?.[0] as number) - (golden.groups[0]?.completions[0]?.entropies[0] as number),
      ) < 1e-5,
    );
    await engine.dispose();
  });
}
