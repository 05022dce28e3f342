import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { gradients } from "../graph/autodiff.ts";
import type { Shape } from "../graph/dims.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { runOnce } from "../testing/runtime.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { add, mul, sumAll } from "./elementwise.ts";
import { linear } from "./linear.ts";
import { entropy, tokenLogprobs } from "./logprobs.ts";
import { ZERO } from "./order.ts";
import { chunkColumns, type Scores, vocabularyScores } from "./vocabulary.ts";

const zero = { shape: [], data: Float32Array.of(0) };
const idsFor = (random: Random, n: number, vocabulary: number) =>
  BigInt64Array.from({ length: n }, () => BigInt(random.integer(0, vocabulary - 1)));

for (const target of ["cpu", "webgpu"] as const) {
  test(`gradients of log-probabilities and entropies by chunks (${target})`, async () => {
    const random = new Random(53);
    for (const columns of [1, 2, 3, 5, 7]) {
      const [n, hidden] = [random.integer(1, 5), random.integer(1, 4)];
      for (const asked of ["logprob", "entropy", "both"] as const) {
        await checkGradients(random, {
          target,
          sizes: { N: n },
          inputs: { states: ["N", hidden], head: [7, hidden] },
          fixed: { ids: { shape: ["N", 1], data: idsFor(random, n, 7) }, [ZERO]: zero },
          build: (graph, { states, head, ids }) => {
            const from = { states: states as Value, head: head as Value, ids: ids as Value };
            const scores = vocabularyScores(graph, from, columns, asked !== "logprob");
            if (asked === "logprob") return scores.logprob;
            return asked === "entropy"
              ? (scores.entropy as Value)
              : add(graph, scores.logprob, scores.entropy as Value);
          },
        });
      }
    }
  });
}

/** Scores and their gradients, a different weight on each row of either. */
function scoresGraph(target: Target, [n, hidden, vocabulary]: [number, number, number], columns: number | undefined) {
  const graph = new Graph(target);
  const input = (name: string, shape: Shape) => graph.input(name, shape);
  const [states, head] = [input("states", [n, hidden]), input("head", [vocabulary, hidden])];
  const ids = graph.input("ids", [n, 1], "int64");
  const scores = columns === undefined ? whole(graph, states, head, ids) : by(graph, states, head, ids, columns);
  graph.output("logprob", scores.logprob);
  graph.output("entropy", scores.entropy as Value);
  const weighted = (value: Value, name: string) => mul(graph, value, input(name, [n, 1]));
  const loss = sumAll(graph, add(graph, weighted(scores.logprob, "a"), weighted(scores.entropy as Value, "b")));
  const [dStates, dHead] = gradients(graph, loss, [states, head]) as [Value, Value];
  graph.output("dStates", dStates);
  graph.output("dHead", dHead);
  return graph;
}

function whole(graph: Graph, states: Value, head: Value, ids: Value): Scores {
  const z = linear(graph, states, head);
  return { logprob: tokenLogprobs(graph, z, ids), entropy: entropy(graph, z) };
}

const by = (graph: Graph, states: Value, head: Value, ids: Value, columns: number) =>
  vocabularyScores(graph, { states, head, ids }, columns, true);

function feedsFor(random: Random, [n, hidden, vocabulary]: [number, number, number], scale: number) {
  return new Map<string, Float32Array | BigInt64Array>([
    ["states", random.normals(n * hidden, scale)],
    ["head", random.normals(vocabulary * hidden)],
    ["ids", idsFor(random, n, vocabulary)],
    ["a", random.normals(n)],
    ["b", random.normals(n)],
    [ZERO, Float32Array.of(0)],
  ]);
}

test("chunks of any size give what all logits at once give, also where logits are large", () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 12 })),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(1, 30),
      fc.integer({ min: 1, max: 1e6 }),
      (shape, columns, scale, seed) => {
        const feeds = feedsFor(new Random(seed), shape, scale);
        const expected = new Interpreter(scoresGraph("cpu", shape, undefined), {}).run(feeds);
        const found = new Interpreter(scoresGraph("cpu", shape, Math.min(columns, shape[2])), {}).run(feeds);
        for (const [name, values] of expected) {
          const bound = 1e-11 * Math.max(1, ...values.map(Math.abs));
          assert.ok(largestDifference(found.get(name) as Float64Array, values) < bound, name);
        }
      },
    ),
    { seed: 192, numRuns: 100 },
  );
});

for (const device of ["cpu", "webgpu"] as const) {
  test(`the runtime computes the same by chunks as at once on ${device}`, {
    skip: device === "webgpu" && withoutWebgpu,
  }, async () => {
    const shape: [number, number, number] = [24, 16, 301];
    const feeds = feedsFor(new Random(54), shape, 2);
    const expected = new Interpreter(scoresGraph("cpu", shape, undefined), {}).run(feeds);
    for (const columns of device === "cpu" ? [43, 150, 300] : [150]) {
      const found = await runOnce(scoresGraph(device, shape, columns), {}, feeds);
      for (const [name, values] of expected) {
        const bound = 2e-5 * Math.max(1, ...values.map(Math.abs));
        assert.ok(largestDifference(found.get(name) as Float32Array, values) < bound, `${name}, ${columns} columns`);
      }
    }
  });
}

test("nothing of the size of all logits is declared", () => {
  const graph = scoresGraph("cpu", [5, 3, 40], 8);
  const { nodes } = graph.proto();
  assert.equal(nodes.filter(({ op }) => op === "Gemm").length, 5 + 3 * 5);
  assert.ok(nodes.every(({ op }) => op !== "LogSoftmax"));
});

test("a chunk holds at most 32 MiB of logits, chunks are about equal, and few columns are never cut", () => {
  assert.equal(chunkColumns(2048, 1 << 20), 2048);
  assert.equal(chunkColumns(151_936, 24), 151_936);
  assert.equal(chunkColumns(151_936, 2048), 3999);
  assert.equal(chunkColumns(151_936, 16_384), 2026);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 1, max: 100_000 }), (vocabulary, rows) => {
      const columns = chunkColumns(vocabulary, rows);
      const chunks = Math.ceil(vocabulary / columns);
      assert.ok(columns <= vocabulary && columns >= 1);
      assert.ok(columns <= 2048 || columns * rows * 4 <= 2 ** 25);
      assert.ok(chunks * columns - vocabulary < chunks, "the last chunk is as wide as the others but for rounding");
    }),
    { seed: 193 },
  );
});
