/** Values, losses and gradients of PPO against PyTorch: of a policy all of whose weights are trained, and of an adapter. */
import assert from "node:assert/strict";
import test from "node:test";
import type { PolicyEngine } from "../policyEngine.ts";
import { createOnnxEngine } from "./engine.ts";
import type { Weights } from "./model/weights.ts";
import { gradientOf } from "./policyGraphs.ts";
import { largestDifference } from "./testing/evaluate.ts";
import {
  adaptedModels,
  goldenAdapter,
  goldenDir,
  goldenEpisodes,
  goldenLora,
  readGolden,
  readGradients,
  readPpoGolden,
  relativeError,
  valuedModels,
} from "./testing/golden.ts";
import { graphGradients } from "./testing/goldenChecks.ts";
import { adaptedPolicy, type Policy, policyIn } from "./testing/goldenLogits.ts";
import { giveHead } from "./testing/valuedEngine.ts";

const isAdapted = (model: string): boolean => adaptedModels.some((name) => name === model);

function headOf(model: string): Weights {
  return new Map(
    Object.entries(readPpoGolden(model).head).map(([name, numbers]) => [name, Float32Array.from(numbers)]),
  );
}

/** The policy as PyTorch had it, with its head. */
function valuedPolicy(model: string): Policy {
  const policy: Policy = isAdapted(model) ? adaptedPolicy(model) : policyIn(goldenDir(model));
  return { ...policy, weights: new Map([...policy.weights, ...headOf(model)]) };
}

async function open(model: string, microBatchTokens: number): Promise<PolicyEngine> {
  const engine = await createOnnxEngine({
    model: goldenDir(model),
    ...(isAdapted(model) && { adapter: goldenLora(model), initialAdapter: goldenAdapter(model) }),
    valueHead: true,
    device: "cpu",
    threads: 2,
    microBatchTokens,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });
  await giveHead(engine, goldenDir(model), headOf(model));
  return engine;
}

for (const model of valuedModels) {
  const golden = readGolden(model);
  const ppo = readPpoGolden(model);
  const [whole, spare] = ppo.answers as [(typeof ppo.answers)[number], (typeof ppo.answers)[number]];

  test(`${model}: values agree with PyTorch, in one micro-batch and in many`, async () => {
    const groups = goldenEpisodes(golden, ppo, "tokens");
    for (const microBatchTokens of [4096, 24]) {
      const engine = await open(model, microBatchTokens);
      for (const [g, completions] of (await engine.values(groups)).entries()) {
        for (const [c, found] of completions.entries()) {
          const expected = ppo.groups[g]?.[c]?.values as number[];
          assert.ok(largestDifference(found, expected) < 1e-5, `group ${g}, completion ${c}: ${found}`);
        }
      }
      await engine.dispose();
    }
  });

  test(`${model}: gradients by every parameter that is trained agree with PyTorch`, async () => {
    const groups = goldenEpisodes(golden, ppo, "tokens");
    const found = await graphGradients(valuedPolicy(model), groups, whole.objective, golden.temperature);
    const expected = readGradients(model, "ppo");
    assert.deepEqual(
      [...found.keys()].filter((name) => name.startsWith(gradientOf(""))).sort(),
      [...expected.keys()].map(gradientOf).sort(),
    );
    for (const [parameter, gradient] of expected) {
      const error = relativeError(found.get(gradientOf(parameter)) as Float32Array, gradient);
      assert.ok(error < 1e-4, `${parameter}: relative error ${error}, norm ${Math.hypot(...gradient)}`);
    }
  });

  for (const [name, answer, learnt] of [
    ["every term, a value at every token", whole, "tokens"],
    ["importance weights, a value for each turn and no clip of it", spare, "turns"],
  ] as const) {
    test(`${model}: loss, the value's part of it, and the gradient's norm agree with PyTorch: ${name}`, async () => {
      const groups = goldenEpisodes(golden, ppo, learnt);
      for (const microBatchTokens of [4096, 24]) {
        const engine = await open(model, microBatchTokens);
        const request = { groups, objective: answer.objective, temperature: golden.temperature, learningRate: 1e-4 };
        const metrics = await engine.update(request);
        assert.ok(microBatchTokens > 24 || metrics.microBatches > 1);
        assert.ok(Math.abs(metrics.loss - answer.loss) < 1e-5, `${metrics.loss} instead of ${answer.loss}`);
        const valueLoss = metrics.valueLoss as number;
        assert.ok(Math.abs(valueLoss - answer.valueLoss) < 1e-5, `${valueLoss} instead of ${answer.valueLoss}`);
        const norm = metrics.gradNorm / answer.gradNorm;
        assert.ok(Math.abs(norm - 1) < 1e-4, `${metrics.gradNorm} instead of ${answer.gradNorm}`);
        const value = metrics.values?.[1]?.[2]?.[0] as number;
        assert.ok(Math.abs(value - (ppo.groups[1]?.[2]?.values[0] as number)) < 1e-5);
        await engine.dispose();
      }
    });
  }
}
