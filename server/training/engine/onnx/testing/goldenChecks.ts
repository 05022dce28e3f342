/** What our graphs make of the golden groups, and how near it has to be to PyTorch. */
import assert from "node:assert/strict";
import type { Objective } from "../../../objectives/objective.ts";
import type { LearningGroup } from "../../policyEngine.ts";
import { microBatches } from "../batching/cutting.ts";
import type { Precision } from "../graph/graph.ts";
import { LOSS_SCALE, updateGraph } from "../policyGraphs.ts";
import { type Feed, GraphSession } from "../runtime/session.ts";
import { updateFeeds } from "../updateFeeds.ts";
import { largestDifference } from "./evaluate.ts";
import type { Golden } from "./golden.ts";
import type { Distributions, Policy } from "./goldenLogits.ts";

/** The gradient of every parameter that is trained, over the whole mini-batch, as the engine's graph gives it. */
export async function graphGradients(
  { config, weights, lora }: Policy,
  groups: LearningGroup[],
  objective: Objective,
  temperature: number,
  { precision, lossScale = 1 }: { precision?: Precision; lossScale?: number } = {},
): Promise<Map<string, Float32Array>> {
  const session = await GraphSession.create(
    updateGraph(config, objective, "cpu", { lora, ...(precision && { precision }) }),
    {
      device: "cpu",
      threads: 2,
    },
  );
  const sums = new Map<string, Float32Array>();
  for (const batch of microBatches(groups, 40)) {
    const feeds = new Map<string, Feed>([...weights, ...updateFeeds({ groups, objective, temperature }, batch)]);
    feeds.set(LOSS_SCALE, Float32Array.of(lossScale));
    const outputs = await session.run(feeds, batch.sizes);
    for (const [name, values] of outputs) {
      const sum = sums.get(name) ?? new Float32Array(values.length);
      if (sum.length === values.length)
        sums.set(
          name,
          sum.map((total, i) => total + (values[i] as number)),
        );
    }
  }
  await session.dispose();
  return sums;
}

/** Asserts a difference below 1e-4 in each number of each token's distribution. */
export function assertDistributions(
  found: Distributions,
  expected: (logits: number[]) => number[],
  golden: Golden,
): void {
  for (const [g, { completions }] of golden.groups.entries()) {
    for (const [c, { logits }] of completions.entries()) {
      assert.equal(found[g]?.[c]?.length, logits.length);
      for (const [t, row] of logits.entries()) {
        const difference = largestDifference(found[g]?.[c]?.[t] as Float32Array, expected(row));
        assert.ok(difference < 1e-4, `group ${g}, completion ${c}, token ${t}: off by ${difference}`);
      }
    }
  }
}

export function logSoftmax(logits: number[]): number[] {
  const largest = Math.max(...logits);
  const total = largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return logits.map((logit) => logit - total);
}
