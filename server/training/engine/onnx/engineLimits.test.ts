import assert from "node:assert/strict";
import test from "node:test";
import { createOnnxEngine } from "./engine.ts";
import { goldenDir, goldenMiniBatch, readGolden } from "./testing/golden.ts";

test("limits that are lowered hold from the next call on, and change rounding alone", async () => {
  const golden = readGolden("tied");
  const groups = goldenMiniBatch(golden);
  const open = () =>
    createOnnxEngine({
      model: goldenDir("tied"),
      device: "cpu",
      threads: 1,
      microBatchTokens: 1000,
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
    });
  const request = {
    groups,
    objective: { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.05, kl: "k3", entropy: 0.01 },
    temperature: golden.temperature,
    learningRate: 1e-3,
  } as const;
  const [whole, cut] = [await open(), await open()];
  await cut.limit({ microBatchTokens: 16, maxSequences: 2 });
  const [expected, found] = [await whole.update(request), await cut.update(request)];
  assert.ok(found.microBatches > expected.microBatches, `${found.microBatches}, ${expected.microBatches}`);
  assert.ok(Math.abs(found.loss - expected.loss) < 1e-5 * Math.max(1, Math.abs(expected.loss)));
  assert.ok(Math.abs(found.gradNorm / expected.gradNorm - 1) < 1e-4);
  await Promise.all([whole.dispose(), cut.dispose()]);
});
