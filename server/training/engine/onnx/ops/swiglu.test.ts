import assert from "node:assert/strict";
import test from "node:test";
import type { Value } from "../graph/graph.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { swiglu } from "./swiglu.ts";

test("gradient of the gated activation", async () => {
  const random = new Random(81);
  for (const scale of [1, 6]) {
    await checkGradients(random, {
      sizes: { N: 4 },
      inputs: { gate: ["N", 3], up: ["N", 3] },
      values: { gate: (length) => random.normals(length, scale) },
      build: (graph, { gate, up }) => swiglu(graph, gate as Value, up as Value),
    });
  }
});

test("the gated activation by definition", () => {
  const [gate, up] = [
    [-2, 0, 3],
    [1, 5, -2],
  ];
  const y = evaluate({ gate: { shape: [3], data: gate }, up: { shape: [3], data: up } }, (graph, v) =>
    swiglu(graph, v.gate as Value, v.up as Value),
  );
  assert.ok(
    largestDifference(
      y,
      gate.map((x, i) => (x / (1 + Math.exp(-x))) * (up[i] as number)),
    ) < 1e-12,
  );
});
