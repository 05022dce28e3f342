/** The optimizer's graphs against the optimizer of the host. */
import assert from "node:assert/strict";
import test from "node:test";
import { sizesOf } from "../runtime/transfer.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { AdamW, globalNorm } from "./adamw.ts";
import { adamwGraph, additionGraph, squaresGraph } from "./adamwGraphs.ts";
import { coefficients } from "./coefficients.ts";

const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, maxGradNorm: 1 };

for (const shape of [[12], [3, 4]]) {
  test(`steps of the graph are those of the host, clipped and not (rank ${shape.length})`, () => {
    const random = new Random(191);
    const theta = random.normals(12);
    const optimizer = new AdamW(new Map([["w", theta]]), settings);
    let state: Record<string, ArrayLike<number>> = {
      theta: theta.slice(),
      m: new Float32Array(12),
      v: new Float32Array(12),
    };
    const graph = adamwGraph("webgpu", shape.length, settings);
    for (let step = 1; step <= 4; step++) {
      const gradient = random.normals(12, step % 2 ? 2 : 0.1);
      const norm = optimizer.update(new Map([["w", theta]]), new Map([["w", gradient]]), () => 0.05);
      assert.equal(norm > settings.maxGradNorm, step % 2 === 1);
      const scalars = Object.entries(coefficients(settings, step, 0.05, norm)).map(
        ([name, value]) => [name, [value]] as const,
      );
      const feeds = new Map<string, ArrayLike<number>>([...Object.entries({ ...state, gradient }), ...scalars]);
      state = Object.fromEntries(new Interpreter(graph, sizesOf(shape)).run(feeds));
      assert.ok(largestDifference(state.theta as Float64Array, theta) < 1e-6);
    }
    const moments = optimizer.moments.get("w");
    assert.ok(largestDifference(state.m as Float64Array, moments?.m as Float32Array) < 1e-6);
    assert.ok(largestDifference(state.v as Float64Array, moments?.v as Float32Array) < 1e-6);
  });

  test(`squares and gradients add up (rank ${shape.length})`, () => {
    const random = new Random(192);
    const [a, b] = [random.normals(12), random.normals(12)];
    const squares = new Interpreter(squaresGraph("webgpu", shape.length), sizesOf(shape)).run(
      new Map<string, ArrayLike<number>>([
        ["x", a],
        ["sum", [globalNorm([b]) ** 2]],
      ]),
    );
    assert.ok(Math.abs(Math.sqrt(squares.get("sum")?.[0] as number) - globalNorm([a, b])) < 1e-6);
    const sum = new Interpreter(additionGraph("webgpu", shape.length), sizesOf(shape)).run(
      new Map(Object.entries({ a, b })),
    );
    assert.deepEqual(
      [...(sum.get("sum") as Float64Array)],
      Array.from(a, (value, i) => value + (b[i] as number)),
    );
  });
}
