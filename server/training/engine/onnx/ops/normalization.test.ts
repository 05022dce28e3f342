import assert from "node:assert/strict";
import test from "node:test";
import type { Value } from "../graph/graph.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { rmsNorm } from "./normalization.ts";

test("gradient of the root-mean-square norm", async () => {
  const random = new Random(61);
  for (let i = 0; i < 10; i++) {
    await checkGradients(random, {
      sizes: { N: random.integer(1, 5) },
      inputs: { x: ["N", 1 + i], w: [1 + i] },
      // A large ε too: that it is inside of the root is seen then.
      build: (graph, { x, w }) => rmsNorm(graph, x as Value, w as Value, random.oneOf([1e-6, 0.5])),
    });
  }
});

test("gradient of the norm's weight alone, over fixed rows", async () => {
  const random = new Random(62);
  await checkGradients(random, {
    inputs: { w: [4] },
    fixed: { x: { shape: [3, 4], data: random.normals(12) } },
    build: (graph, { x, w }) => rmsNorm(graph, x as Value, w as Value, 1e-6),
  });
});

test("the norm by definition", () => {
  const inputs = { x: { shape: [1, 2], data: [3, 4] }, w: { shape: [2], data: [2, 1] } };
  const y = evaluate(inputs, (graph, v) => rmsNorm(graph, v.x as Value, v.w as Value, 0.5));
  const scale = Math.sqrt(12.5 + 0.5);
  assert.ok(largestDifference(y, [6 / scale, 4 / scale]) < 1e-12);
});
