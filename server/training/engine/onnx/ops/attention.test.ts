import assert from "node:assert/strict";
import test from "node:test";
import { plus, type Shape } from "../graph/dims.ts";
import type { Target, Value } from "../graph/graph.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { attention } from "./attention.ts";

const targets: Target[] = ["cpu", "webgpu"];

/** 0 or −1e9 at random, at least one 0 in a row. */
function randomMask(random: Random, rows: number, width: number): Float32Array {
  const mask = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const open = random.integer(0, width - 1);
    for (let i = 0; i < width; i++) mask[row * width + i] = i === open || random.between(0, 1) < 0.6 ? 0 : -1e9;
  }
  return mask;
}

/** softmax(q·kᵀ + mask)·v for one head, by definition. */
function naive(q: number[][], k: number[][], v: number[][], mask: number[][]): number[] {
  return q.flatMap((query, s) => {
    const scores = k.map(
      (key, t) => query.reduce((sum, value, i) => sum + value * (key[i] as number), 0) + (mask[s]?.[t] as number),
    );
    const powers = scores.map((score) => Math.exp(score));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const weights = powers.map((power) => power / total);
    return (v[0] as number[]).map((_, i) => weights.reduce((sum, w, t) => sum + w * (v[t]?.[i] as number), 0));
  });
}

test("one head is softmax(q·kᵀ + mask)·v", () => {
  const random = new Random(31);
  const [S, T, d] = [3, 4, 2];
  const rows = (data: ArrayLike<number>, width: number) =>
    Array.from({ length: data.length / width }, (_, i) => Array.from(data).slice(i * width, (i + 1) * width));
  const [q, k, v] = [random.normals(S * d), random.normals(T * d), random.normals(T * d)];
  const mask = randomMask(random, S, T);
  const expected = naive(rows(q, d), rows(k, d), rows(v, d), rows(mask, T));
  for (const target of targets) {
    const result = evaluate(
      {
        q: { shape: [1, S, d], data: q },
        k: { shape: [1, T, d], data: k },
        v: { shape: [1, T, d], data: v },
        mask: { shape: [S, T], data: mask },
      },
      (graph, values) => {
        const [q, k, v, mask] = [values.q, values.k, values.v, values.mask] as [Value, Value, Value, Value];
        return attention(graph, q, k, v, mask, [1, S, T]);
      },
      { target },
    );
    assert.ok(largestDifference(result, expected) < 1e-12);
  }
});

interface Layout {
  lead: Shape;
  maskShape: Shape;
  maskRows(sizes: Record<string, number>): number;
  maskedShape: Shape;
}

// As in the prompts, where two query heads share a key head, and as in their completions.
const layouts: Record<string, Layout> = {
  prompts: {
    lead: ["B", 2],
    maskShape: [1, 1, "S", "T"],
    maskRows: ({ S }) => S as number,
    maskedShape: ["B", 4, "S", "T"],
  },
  completions: {
    lead: ["B", "G", 2],
    maskShape: ["B", 1, 1, "S", "T"],
    maskRows: ({ B, S }) => (B as number) * (S as number),
    maskedShape: ["B", "G", 4, "S", "T"],
  },
};

for (const [name, { lead, maskShape, maskRows, maskedShape }] of Object.entries(layouts)) {
  test(`gradient of attention over ${name}, masked, on either target`, async () => {
    const random = new Random(32);
    for (let i = 0; i < 4; i++) {
      const sizes = {
        B: random.integer(1, 2),
        G: random.integer(1, 2),
        S: random.integer(1, 3),
        T: random.integer(1, 4),
      };
      const mask = randomMask(random, maskRows(sizes), sizes.T);
      for (const target of targets) {
        await checkGradients(random, {
          target,
          sizes,
          inputs: { q: [...lead, plus("S", "S"), 2], k: [...lead, "T", 2], v: [...lead, "T", 2] },
          fixed: { mask: { shape: maskShape, data: mask } },
          build: (graph, values) => {
            const [q, k, v, mask] = [values.q, values.k, values.v, values.mask] as [Value, Value, Value, Value];
            return attention(graph, q, k, v, mask, maskedShape);
          },
        });
      }
    }
  });
}
