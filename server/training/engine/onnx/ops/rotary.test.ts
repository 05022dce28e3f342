import assert from "node:assert/strict";
import test from "node:test";
import type { Value } from "../graph/graph.ts";
import { rotaryFrequencies } from "../model/rotaryFrequencies.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { rotaryTables, rotate } from "./rotary.ts";

test("gradient of the rotation, scaled and not, of several heads at any positions", async () => {
  const random = new Random(71);
  for (const scale of [1, 0.25]) {
    for (const [heads, size] of [
      [1, 2],
      [3, 4],
      [2, 6],
    ] as const) {
      const n = random.integer(1, 5);
      const positions = BigInt64Array.from({ length: n }, () => BigInt(random.integer(0, 9)));
      await checkGradients(random, {
        sizes: { N: n },
        inputs: { x: ["N", 1, heads * size] },
        fixed: { positions: { shape: ["N", 1], data: positions } },
        build: (graph, { x, positions }) =>
          rotate(graph, x as Value, positions as Value, rotaryTables(graph, 10, rotaryFrequencies(size, 100), scale)),
      });
    }
  }
});

test("each pair of a head, half a head apart, turns by position/θ^(2i/d)", () => {
  const [size, theta, scale, position] = [4, 50, 0.5, 7];
  const data = [1, 2, 3, 4];
  const inputs = {
    x: { shape: [1, 1, size], data },
    positions: { shape: [1, 1], data: BigInt64Array.of(BigInt(position)) },
  };
  const y = evaluate(inputs, (graph, v) =>
    rotate(graph, v.x as Value, v.positions as Value, rotaryTables(graph, 10, rotaryFrequencies(size, theta), scale)),
  );
  const expected = data.map((_, i) => {
    const pair = i % 2;
    const angle = position / theta ** (pair / 2);
    const [a, b] = [data[pair] as number, data[pair + 2] as number];
    return scale * (i < 2 ? a * Math.cos(angle) - b * Math.sin(angle) : a * Math.sin(angle) + b * Math.cos(angle));
  });
  // The tables are float32.
  assert.ok(largestDifference(y, expected) < 1e-6);
});

test("the product of a query and a key depends on their distance alone", () => {
  const random = new Random(72);
  const [q, k] = [random.normals(6), random.normals(6)];
  const product = (a: number, b: number) => {
    const turned = evaluate(
      {
        x: { shape: [2, 1, 6], data: [...q, ...k] },
        positions: { shape: [2, 1], data: BigInt64Array.of(BigInt(a), BigInt(b)) },
      },
      (graph, v) =>
        rotate(graph, v.x as Value, v.positions as Value, rotaryTables(graph, 40, rotaryFrequencies(6, 10_000), 1)),
    );
    return [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + (turned[i] as number) * (turned[6 + i] as number), 0);
  };
  assert.ok(Math.abs(product(12, 5) - product(31, 24)) < 1e-5);
  assert.ok(Math.abs(product(12, 5) - product(12, 8)) > 1e-3);
});
