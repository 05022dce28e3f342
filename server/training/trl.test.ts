/** Loss and metrics of one batch against TRL's GRPOTrainer, whose answers scripts/golden/trl_loss.py wrote down. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createOnnxEngine } from "./engine/onnx/engine.ts";
import { goldenDir, goldenMiniBatch, readGolden } from "./engine/onnx/testing/golden.ts";
import type { LearningGroup } from "./engine/policyEngine.ts";
import { driftOf } from "./metrics.ts";
import { tokenWeights } from "./objectives/aggregation.ts";
import { completionKl } from "./objectives/kl.ts";
import type { GrpoObjective } from "./objectives/objective.ts";
import { mean } from "./statistics.ts";

interface Case {
  objective: Pick<GrpoObjective, "clipLow" | "clipHigh" | "beta" | "entropy"> & {
    aggregation: Parameters<typeof tokenWeights>[2];
    /** TRL's name of the loss. */
    trl: string;
  };
  measured: {
    loss: number;
    gradNorm: number;
    clippedLow: number;
    clippedHigh: number;
    entropy: number;
    /** Null where TRL has no reference policy. */
    kl: number | null;
  };
}

interface TrlGolden {
  model: string;
  maxLength: number;
  cases: Case[];
}

const trl = JSON.parse(readFileSync(join(import.meta.dirname, "testing", "golden", "trl.json"), "utf8")) as TrlGolden;

/** The golden batch with the weights of an aggregation. */
function batchOf(aggregation: Case["objective"]["aggregation"]): LearningGroup[] {
  const groups = goldenMiniBatch(readGolden(trl.model));
  const lengths = groups.flatMap(({ completions }) => completions.map(({ length }) => length));
  const weights = tokenWeights(
    lengths,
    lengths.map(() => false),
    aggregation,
    trl.maxLength,
  );
  return groups.map((group) => ({
    ...group,
    signals: group.signals.map((signal) => ({ ...signal, weights: weights.shift() as Float32Array })),
  }));
}

/** Mean over tokens of the k3 estimate of KL(policy ‖ reference), as TRL has it: of the policy that is learnt. */
function klOf(groups: readonly LearningGroup[], logprobs: readonly Float32Array[][]): number {
  const perCompletion = groups.flatMap(({ signals }, g) =>
    signals.map(({ refLogprobs = [] }, c) => completionKl("k3", logprobs[g]?.[c] ?? [], refLogprobs)),
  );
  const tokens = groups.flatMap(({ completions }) => completions).reduce((sum, { length }) => sum + length, 0);
  return perCompletion.reduce((sum, kl) => sum + kl, 0) / tokens;
}

for (const { objective, measured } of trl.cases) {
  const { aggregation, trl: lossType, ...rest } = objective;
  const name = `${aggregation} (${lossType}), clip ${rest.clipLow} and ${rest.clipHigh}, beta ${rest.beta}, entropy ${rest.entropy}`;

  test(`TRL gives the same loss and metrics: ${name}`, async () => {
    const golden = readGolden(trl.model);
    const groups = batchOf(aggregation);
    const engine = await createOnnxEngine({
      model: goldenDir(trl.model),
      device: "cpu",
      threads: 1,
      microBatchTokens: 4096,
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
    });
    const metrics = await engine.update({
      groups,
      objective: { kind: "grpo", kl: "k3", ...rest },
      temperature: golden.temperature,
      learningRate: 1e-4,
    });
    await engine.dispose();

    assert.ok(Math.abs(metrics.loss - measured.loss) < 1e-5, `loss ${metrics.loss} instead of ${measured.loss}`);
    const norms = `gradient norm ${metrics.gradNorm} instead of ${measured.gradNorm}`;
    assert.ok(Math.abs(metrics.gradNorm / measured.gradNorm - 1) < 1e-4, norms);
    const drift = driftOf([{ groups, metrics, learningRate: 1e-4 }], rest.clipLow, rest.clipHigh);
    assert.ok(Math.abs(drift.clippedLow - measured.clippedLow) < 1e-7, `clipped low ${drift.clippedLow}`);
    assert.ok(Math.abs(drift.clippedHigh - measured.clippedHigh) < 1e-7, `clipped high ${drift.clippedHigh}`);
    if (measured.kl !== null) {
      const kl = klOf(groups, metrics.logprobs);
      assert.ok(Math.abs(kl - measured.kl) < 1e-6, `KL ${kl} instead of ${measured.kl}`);
    }
    if (metrics.entropies) {
      const entropy = mean(metrics.entropies.flat().flatMap((tokens) => [...tokens]));
      assert.ok(
        Math.abs((entropy ?? 0) - measured.entropy) < 1e-5,
        `entropy ${entropy} instead of ${measured.entropy}`,
      );
    }
  });
}

test("the cases reach every aggregation, the KL term and the entropy bonus", () => {
  const aggregations = new Set(trl.cases.map(({ objective }) => objective.aggregation));
  assert.deepEqual([...aggregations].sort(), ["constant", "sequence-mean", "token-mean"]);
  assert.ok(trl.cases.some(({ measured }) => measured.kl !== null));
  assert.ok(trl.cases.some(({ objective }) => objective.entropy > 0));
  assert.ok(new Set(trl.cases.map(({ measured }) => measured.clippedHigh)).size > 1);
});
