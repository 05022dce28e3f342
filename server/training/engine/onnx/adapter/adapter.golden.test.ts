/** Policies with an adapter that PEFT has saved: logits, gradients and optimizer steps against PEFT and PyTorch. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { PolicyEngine } from "../../policyEngine.ts";
import { createOnnxEngine } from "../engine.ts";
import { parameterShapes } from "../model/parameters.ts";
import { gradientOf } from "../policyGraphs.ts";
import {
  adaptedModels,
  goldenAdapter,
  goldenDir,
  goldenLora,
  goldenMiniBatch,
  readGolden,
  readGradients,
  relativeError,
} from "../testing/golden.ts";
import { assertDistributions, graphGradients, logSoftmax } from "../testing/goldenChecks.ts";
import { adaptedPolicy, decodedLogprobs, policyIn, trainingLogits } from "../testing/goldenLogits.ts";
import { mergedWeights } from "./merging.ts";

function open(model: string, microBatchTokens: number, overrides = {}): Promise<PolicyEngine> {
  return createOnnxEngine({
    model: goldenDir(model),
    adapter: goldenLora(model),
    initialAdapter: goldenAdapter(model),
    device: "cpu",
    threads: 2,
    microBatchTokens,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1, ...overrides },
  });
}

for (const model of adaptedModels) {
  const golden = readGolden(model);
  const groups = goldenMiniBatch(golden);

  test(`${model}: logits of the training graph agree with PEFT`, async () => {
    assertDistributions(await trainingLogits(adaptedPolicy(model), groups), (logits) => logits, golden);
  });

  test(`${model}: prefilling and decoding step by step give PEFT's distributions`, async () => {
    assertDistributions(await decodedLogprobs(adaptedPolicy(model), groups), logSoftmax, golden);
  });

  test(`${model}: the adapter merged into the weights gives the same logits, to 1e-5`, async () => {
    const { config, weights, lora } = adaptedPolicy(model);
    const source = mergedWeights(weights, weights, config, lora);
    const merged = new Map([...parameterShapes(config).keys()].map((name) => [name, source.get(name) as Float32Array]));
    const apart = await trainingLogits(adaptedPolicy(model), groups);
    const together = await trainingLogits({ config, weights: merged }, groups);
    const without = await trainingLogits(policyIn(goldenDir(model)), groups);
    const numbers = (logits: typeof apart) => logits.flat(2).flatMap((row) => [...row]);
    const [a, b, c] = [apart, together, without].map(numbers) as [number[], number[], number[]];
    const worst = (other: number[]) => Math.max(...a.map((value, i) => Math.abs(value - (other[i] as number))));
    assert.ok(worst(b) < 1e-5, `off by ${worst(b)}`);
    assert.ok(worst(c) > 0.1, "the adapter changes nothing: the case tests nothing");
  });

  test(`${model}: gradients of both objectives are the adapter's alone, and agree with PyTorch`, async () => {
    for (const [name, objective, temperature] of [
      ["supervised", { kind: "supervised" }, golden.supervised.temperature],
      ["grpo", golden.grpo.objective, golden.temperature],
    ] as const) {
      const gradients = await graphGradients(adaptedPolicy(model), groups, objective, temperature);
      const expected = readGradients(model, name);
      const found = [...gradients.keys()].filter((output) => output.startsWith(gradientOf("")));
      assert.deepEqual(found.sort(), [...expected.keys()].map(gradientOf).sort());
      for (const [parameter, values] of expected) {
        const error = relativeError(gradients.get(gradientOf(parameter)) as Float32Array, values);
        const scale = Math.hypot(...values);
        assert.ok(error < 1e-4, `${name}, ${parameter}: relative error ${error}, norm ${scale}`);
      }
    }
  });

  test(`${model}: AdamW steps on the adapter give PyTorch's losses, in one micro-batch and in many`, async () => {
    for (const run of golden.supervised.adamw) {
      for (const microBatchTokens of [4096, 24]) {
        const { weightDecay, maxGradNorm, learningRate } = run;
        const engine = await open(model, microBatchTokens, { weightDecay, maxGradNorm });
        const request = {
          groups,
          objective: { kind: "supervised" } as const,
          temperature: golden.supervised.temperature,
        };
        for (const [step, expected] of run.losses.entries()) {
          const { loss } = await engine.update({ ...request, learningRate });
          assert.ok(Math.abs(loss - expected) < 2e-4, `step ${step}: ${loss} instead of ${expected}`);
        }
        await engine.dispose();
      }
    }
  });

  test(`${model}: an adapter that was exported is read again, alone and merged, as the same policy`, async () => {
    const dir = mkdtempSync(join(tmpdir(), "adapter-"));
    const engine = await open(model, 4096);
    try {
      const request = { groups, objective: golden.grpo.objective, temperature: golden.temperature, learningRate: 1e-2 };
      await engine.update(request);
      const expected = await engine.logprobs(groups, "current", 1);
      await engine.exportAdapter(join(dir, "adapter"));
      await engine.exportModel(join(dir, "model"), "f32");
      const common = {
        device: "cpu",
        threads: 2,
        microBatchTokens: 4096,
        optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
      } as const;
      const alone = { ...common, model: goldenDir(model), adapter: goldenLora(model) };
      const readers = [
        { ...alone, initialAdapter: join(dir, "adapter"), bound: 0 },
        { ...common, model: join(dir, "model"), bound: 1e-5 },
      ];
      for (const { bound, ...options } of readers) {
        const reader = await createOnnxEngine(options);
        const found = await reader.logprobs(groups, "current", 1);
        for (const [g, group] of expected.entries()) {
          for (const [c, logprobs] of group.entries()) {
            const errors = Array.from(logprobs, (value, t) => Math.abs(value - (found[g]?.[c]?.[t] as number)));
            assert.ok(Math.max(...errors) <= bound, `off by ${Math.max(...errors)}`);
          }
        }
        await reader.dispose();
      }
    } finally {
      await engine.dispose();
      rmSync(dir, { recursive: true, force: true });
    }
  });
}
