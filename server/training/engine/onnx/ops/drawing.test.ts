/** Drawing on the device: the host's draw by the same number, and the distribution itself. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { argmax, draw } from "../decoding/sampling.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { runOnce } from "../testing/runtime.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { type Choice, drawToken, likeliestToken } from "./drawing.ts";

function graphOf(vocabulary: number, choose: (graph: Graph, p: Value) => Choice): Graph {
  const graph = new Graph("webgpu");
  const { index, chance } = choose(graph, graph.input("p", ["N", vocabulary]));
  graph.output("index", index);
  graph.output("chance", chance);
  return graph;
}

const drawGraph = (vocabulary: number) =>
  graphOf(vocabulary, (graph, p) => drawToken(graph, p, graph.input("u", ["N", 1])));

/** A distribution of sixteenths of 1/sum, exact in float32 sums where the sum is a power of two; many tokens never occur. */
const distribution = fc
  .array(fc.nat(3), { minLength: 1, maxLength: 40 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const size = 2 ** Math.ceil(Math.log2(parts.reduce((sum, part) => sum + part, 0)));
    return Float32Array.from(parts, (part) => part / size);
  });

test("a draw is the host's by the same number, at every edge", () => {
  fc.assert(
    fc.property(distribution, fc.array(fc.nat(64), { minLength: 1, maxLength: 8 }), (p, sixtyFourths) => {
      // Where the parts do not fill the power of two, the numbers beyond them stand for sums that rounding left small.
      const us = Float32Array.from(sixtyFourths, (u) => u / 64);
      const feeds = new Map([
        ["p", Float32Array.from(us.length === 0 ? [] : [...us].flatMap(() => [...p]))],
        ["u", us],
      ]);
      const found = new Interpreter(drawGraph(p.length), { N: us.length }).run(feeds);
      const expected = Array.from(us, (u) => draw(p, u));
      assert.deepEqual([...(found.get("index") as Float64Array)], expected);
      assert.deepEqual(
        [...(found.get("chance") as Float64Array)],
        expected.map((token) => p[token]),
      );
    }),
    { seed: 181, numRuns: 200 },
  );
});

test("the likeliest token is the first of equals", () => {
  fc.assert(
    fc.property(distribution, (p) => {
      const graph = graphOf(p.length, likeliestToken);
      const found = new Interpreter(graph, { N: 1 }).run(new Map([["p", p]]));
      assert.deepEqual([...(found.get("index") as Float64Array)], [argmax(p)]);
      assert.deepEqual([...(found.get("chance") as Float64Array)], [p[argmax(p)]]);
    }),
    { seed: 182, numRuns: 100 },
  );
});

test("draws on WebGPU follow the distribution", { skip: withoutWebgpu }, async () => {
  const [N, V] = [4000, 23];
  const random = new Random(183);
  const weights = Array.from({ length: V }, (_, i) => (i % 5 === 2 ? 0 : random.between(0.2, 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const p = Float32Array.from(weights, (weight) => weight / total);
  const us = Float32Array.from({ length: N }, () => random.between(0, 1));
  const rows = new Float32Array(N * V);
  for (let row = 0; row < N; row++) rows.set(p, row * V);
  const found = await runOnce(
    drawGraph(V),
    { N },
    new Map([
      ["p", rows],
      ["u", us],
    ]),
  );
  const tokens = found.get("index") as Float32Array;
  const counts = new Array<number>(V).fill(0);
  for (const token of tokens) counts[token] = (counts[token] as number) + 1;
  let chiSquare = 0;
  for (const [token, chance] of p.entries()) {
    if (chance === 0) assert.equal(counts[token], 0);
    else chiSquare += ((counts[token] as number) - N * chance) ** 2 / (N * chance);
  }
  // 17 degrees of freedom: a fair draw is beyond this once in a thousand seeds.
  assert.ok(chiSquare < 40.8, `χ² = ${chiSquare}`);
  // The same numbers give the host the same tokens, but for those within rounding of an edge.
  const others = Array.from(tokens).filter((token, row) => token !== draw(p, us[row] as number)).length;
  assert.ok(others <= 2, `${others} of ${N} differ`);
});
