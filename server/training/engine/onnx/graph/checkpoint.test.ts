import assert from "node:assert/strict";
import test from "node:test";
import type { Objective } from "../../../objectives/objective.ts";
import { add, exp, mul, sumAll } from "../ops/elementwise.ts";
import { ZERO } from "../ops/order.ts";
import { type MemoryPlan, updateGraph } from "../policyGraphs.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { runOnce } from "../testing/runtime.ts";
import {
  randomHead,
  randomWeights,
  setPolicyFeeds,
  setValueFeeds,
  tinyBatch,
  tinyConfig,
  tinyGroups,
  tinyLogprobs,
  tinyValues,
} from "../testing/tinyPolicy.ts";
import { gradients } from "./autodiff.ts";
import { checkpoint } from "./checkpoint.ts";
import { Graph, type Value } from "./graph.ts";

test("gradients go through parts that are computed again: to their input, and to all else that they read", async () => {
  const random = new Random(61);
  for (const target of ["cpu", "webgpu"] as const) {
    await checkGradients(random, {
      target,
      inputs: { x: [3, 4], a: [4], b: [3, 4] },
      fixed: { [ZERO]: { shape: [], data: Float32Array.of(0) } },
      build: (graph, { x, a, b }) => {
        const first = checkpoint(graph, x as Value, (v) => mul(graph, exp(graph, mul(graph, v, a as Value)), v));
        // Reads a again, and a value of the outside that itself has a gradient to hand on.
        const scaled = mul(graph, b as Value, a as Value);
        return checkpoint(graph, first, (v) => add(graph, mul(graph, v, scaled), mul(graph, v, a as Value)));
      },
    });
  }
});

test("parts within parts, and a part whose input needs no gradient", async () => {
  const random = new Random(62);
  await checkGradients(random, {
    inputs: { a: [2, 3] },
    fixed: {
      x: { shape: [2, 3], data: random.normals(6) },
      [ZERO]: { shape: [], data: Float32Array.of(0) },
    },
    build: (graph, { x, a }) =>
      checkpoint(graph, x as Value, (v) =>
        checkpoint(graph, mul(graph, v, a as Value), (w) => exp(graph, mul(graph, w, a as Value))),
      ),
  });
});

test("what a part computes stands in the graph twice", () => {
  const graph = new Graph("cpu");
  const x = graph.input("x", [2]);
  const y = checkpoint(graph, x, (v) => exp(graph, v));
  assert.equal(graph.operators().get("Exp"), 1);
  gradients(graph, sumAll(graph, y), [x]);
  assert.equal(graph.operators().get("Exp"), 2);
});

const objectives: Objective[] = [
  { kind: "supervised" },
  { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k2", entropy: 0.2 },
  { kind: "ppo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k2", entropy: 0.2, valueCoefficient: 0.5, valueClip: 0.2 },
];
const plans: [string, MemoryPlan][] = [
  ["checkpointing", { checkpointing: true }],
  ["the vocabulary in chunks", { columns: 4 }],
  ["both", { checkpointing: true, columns: 3 }],
];
for (const tied of [true, false]) {
  for (const [name, plan] of plans) {
    test(`${name}, ${tied ? "tied" : "untied"}: an update's results are those of one without`, async () => {
      const config = tinyConfig(tied, { headNorms: true, layers: 3 });
      const random = new Random(63);
      const weights = new Map([...randomWeights(config, random), ...randomHead(config, random)]);
      const groups = tinyGroups(config, random);
      for (const objective of objectives) {
        const batch = tinyBatch(weights, groups, 0.7);
        if (objective.kind !== "supervised") setPolicyFeeds(batch, tinyLogprobs(config, groups, batch), objective);
        if (objective.kind === "ppo") setValueFeeds(batch, tinyValues(config, groups, batch));
        const plain = updateGraph(config, objective, "cpu");
        const frugal = updateGraph(config, objective, "cpu", plan);
        const expected = new Interpreter(plain, batch.batch.sizes).run(batch.feeds);
        const found = new Interpreter(frugal, batch.batch.sizes).run(batch.feeds);
        assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
        for (const [output, values] of expected) {
          const bound = plan.columns === undefined ? 0 : 1e-11 * Math.max(1, ...values.map(Math.abs));
          assert.ok(largestDifference(found.get(output) as Float64Array, values) <= bound, output);
        }
        const [onRuntime, frugally] = [
          await runOnce(plain, batch.batch.sizes, batch.feeds),
          await runOnce(frugal, batch.batch.sizes, batch.feeds),
        ];
        for (const [output, values] of onRuntime) {
          const bound = plan.columns === undefined ? 0 : 1e-5 * Math.max(1, ...values.map(Math.abs));
          assert.ok(largestDifference(frugally.get(output) as Float32Array, values) <= bound, output);
        }
      }
    });
  }
}
