import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import type { Shape } from "../graph/dims.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { add, broadcast, clip, exp, min, mul, sub, sumAll } from "./elementwise.ts";

const CASES = 12;

/** A shape, and one that broadcasts with it: some axes 1, some leading axes gone; sometimes the other way round. */
function pair(random: Random): [Shape, Shape] {
  const shape = Array.from({ length: random.integer(1, 4) }, () => random.integer(1, 4));
  const other = shape.map((size) => (random.between(0, 1) < 0.4 ? 1 : size)).slice(random.integer(0, shape.length));
  return random.between(0, 1) < 0.5 ? [shape, other] : [other, shape];
}

const binary = { add, sub, mul };
for (const [name, operator] of Object.entries(binary)) {
  test(`gradient of ${name}, with broadcasting`, async () => {
    const random = new Random(1);
    for (let i = 0; i < CASES; i++) {
      const [a, b] = pair(random);
      await checkGradients(random, {
        inputs: { a, b },
        build: (graph, { a, b }) => operator(graph, a as Value, b as Value),
      });
    }
  });
}

test("gradients with named sizes, both broadcast against each other", async () => {
  const random = new Random(2);
  for (const operator of Object.values(binary)) {
    await checkGradients(random, {
      sizes: { B: 3, L: 2 },
      inputs: { a: ["B", 1, "L"], b: [4, 1] },
      build: (graph, { a, b }) => operator(graph, a as Value, b as Value),
    });
  }
});

test("gradient of exp and of sumAll", async () => {
  const random = new Random(3);
  for (const shape of [[], [5], [2, 3], ["N", 2, 1]]) {
    const build = (graph: Graph, { a }: Record<string, Value>) => exp(graph, a as Value);
    await checkGradients(random, { sizes: { N: 4 }, inputs: { a: shape }, build });
    await checkGradients(random, {
      sizes: { N: 4 },
      inputs: { a: shape },
      build: (graph, { a }) => sumAll(graph, exp(graph, a as Value)),
    });
  }
});

test("gradient of min on both sides, with broadcasting, away from the kink", async () => {
  const random = new Random(4);
  for (const [a, b] of [
    [
      [3, 4],
      [3, 4],
    ],
    [[3, 4], [4]],
    [[4], [2, 3, 1]],
    [[], [5]],
  ] as [Shape, Shape][]) {
    // a lies in [−1, 1], b at least 0.2 outside of it: below or above.
    let turn = 0;
    await checkGradients(random, {
      inputs: { a, b },
      values: {
        a: (length) => Float64Array.from({ length }, () => random.between(-1, 1)),
        b: (length) => Float64Array.from({ length }, () => (turn++ % 2 ? 1 : -1) * random.between(1.2, 2)),
      },
      build: (graph, { a, b }) => min(graph, a as Value, b as Value),
    });
  }
});

test("the gradient of min goes to the first where both are equal", () => {
  const graph = new Graph("cpu");
  const [a, b] = [graph.input("a", [3]), graph.input("b", [3])];
  const [da, db] = gradients(graph, sumAll(graph, min(graph, a, b)), [a, b]);
  graph.output("da", da as Value);
  graph.output("db", db as Value);
  const feeds = new Map([
    ["a", [1, 2, 3]],
    ["b", [2, 2, 2]],
  ]);
  const results = new Interpreter(graph, {}).run(feeds);
  assert.deepEqual([...(results.get("da") ?? [])], [1, 1, 0]);
  assert.deepEqual([...(results.get("db") ?? [])], [0, 0, 1]);
});

test("gradient of clip below, within and above the limits", async () => {
  const random = new Random(5);
  const places = [-3, -1.5, -0.9, 0, 0.4, 0.7, 1.2, 4];
  await checkGradients(random, {
    inputs: { a: [2, 4] },
    values: { a: () => Float64Array.from(places) },
    build: (graph, { a }) => clip(graph, a as Value, -1, 0.5),
  });
});

test("clip passes the gradient within the limits and on them, and stops it outside", () => {
  const graph = new Graph("cpu");
  const a = graph.input("a", [5]);
  graph.output("da", gradients(graph, sumAll(graph, clip(graph, a, -1, 0.5)), [a])[0] as Value);
  const results = new Interpreter(graph, {}).run(new Map([["a", [-2, -1, 0, 0.5, 0.6]]]));
  assert.deepEqual([...(results.get("da") ?? [])], [0, 1, 1, 1, 0]);
});

test("a value used many times collects its gradients", async () => {
  const random = new Random(6);
  await checkGradients(random, {
    inputs: { a: [3], b: [2, 3] },
    build: (graph, values) => {
      const [a, b] = [values.a as Value, values.b as Value];
      const square = mul(graph, a, a);
      return add(graph, mul(graph, square, exp(graph, a)), sub(graph, mul(graph, a, b), square));
    },
  });
});

test("shapes broadcast by NumPy's rule", () => {
  assert.deepEqual(broadcast([2, 1, "N"], [3, 1]), [2, 3, "N"]);
  assert.deepEqual(broadcast([], ["B", 2]), ["B", 2]);
  assert.throws(() => broadcast([2], [3]), /do not broadcast/);
  assert.throws(() => broadcast(["B"], ["N"]), /do not broadcast/);
});
