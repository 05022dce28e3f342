import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { plus, times } from "../graph/dims.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { evaluate } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { add, exp, mul, sumAll } from "./elementwise.ts";
import { concat, expand, lastRows, reshape, split, transpose } from "./layout.ts";

const CASES = 8;

test("gradient of reshape, with numbers and with named sizes", async () => {
  const random = new Random(11);
  for (let i = 0; i < CASES; i++) {
    const sizes = { B: random.integer(1, 3), L: random.integer(1, 4) };
    await checkGradients(random, {
      sizes,
      inputs: { a: ["B", "L", 6] },
      build: (graph, { a }) => reshape(graph, a as Value, [times("B", "L", 2), 3]),
    });
  }
  const build = (graph: Graph, { a }: Record<string, Value>) => reshape(graph, a as Value, [6]);
  await checkGradients(random, { inputs: { a: [2, 3] }, build });
});

test("gradient of transpose for every order of three axes", async () => {
  const random = new Random(12);
  for (const axes of ["012", "021", "102", "120", "201", "210"]) {
    await checkGradients(random, {
      sizes: { B: 2 },
      inputs: { a: ["B", 3, 4] },
      build: (graph, { a }) => transpose(graph, a as Value, [...axes].map(Number)),
    });
  }
});

test("gradient of split along every axis, with pieces of named sizes", async () => {
  const random = new Random(13);
  for (let i = 0; i < CASES; i++) {
    const sizes = { P: random.integer(1, 4), L: random.integer(1, 4) };
    const axis = random.integer(0, 2);
    const shape = [2, 2, 2].map((size, index) => (index === axis ? plus("P", "L", 1) : size));
    await checkGradients(random, {
      sizes,
      inputs: { a: shape },
      build: (graph, { a }) => {
        const [p, l, one] = split(graph, a as Value, axis, ["P", "L", 1]) as [Value, Value, Value];
        const broad = mul(graph, one, p);
        return add(graph, mul(graph, sumAll(graph, exp(graph, l)), one), sumAll(graph, broad));
      },
    });
  }
});

test("a split whose piece the loss does not use is refused where a gradient is asked for", () => {
  const graph = new Graph("cpu");
  const a = graph.input("a", [3]);
  const [first] = split(graph, a, 0, [1, 2]) as [Value];
  assert.throws(() => gradients(graph, sumAll(graph, first), [a]), /not used/);
});

test("gradient of concat along every axis", async () => {
  const random = new Random(14);
  for (const axis of [0, 1, 2]) {
    const shape = (size: number | string) => [3, 2, 2].map((other, index) => (index === axis ? size : other));
    await checkGradients(random, {
      sizes: { P: 3 },
      inputs: { a: shape("P"), b: shape(1), c: shape(4) },
      build: (graph, { a, b, c }) => concat(graph, [a, b, c] as Value[], axis),
    });
  }
});

test("a value that is concatenated with itself gets both gradients", async () => {
  await checkGradients(new Random(15), {
    inputs: { a: [2, 3] },
    build: (graph, { a }) => concat(graph, [a, a] as Value[], 0),
  });
});

test("gradient of lastRows", async () => {
  const random = new Random(16);
  for (let i = 0; i < CASES; i++) {
    const sizes = { P: random.integer(0, 4), L: random.integer(1, 4) };
    await checkGradients(random, {
      sizes,
      inputs: { a: [plus("P", "L"), 3] },
      build: (graph, { a }) => lastRows(graph, a as Value, "P", "L"),
    });
  }
});

test("lastRows takes the rows behind the others, of integers too", () => {
  const take = (graph: Graph, { a }: Record<string, Value>) => lastRows(graph, a as Value, "P", "L");
  const sizes = { P: 1, L: 2 };
  const shape = [plus("P", "L"), 2];
  assert.deepEqual([...evaluate({ a: { shape, data: [1, 2, 3, 4, 5, 6] } }, take, { sizes })], [3, 4, 5, 6]);
  const integers = BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n);
  assert.deepEqual([...evaluate({ a: { shape, data: integers } }, take, { sizes })], [3, 4, 5, 6]);
});

test("gradient of expand along one axis and along two", async () => {
  const random = new Random(17);
  for (const G of [1, 3]) {
    await checkGradients(random, {
      sizes: { B: 2, G },
      inputs: { a: ["B", 1, 3], b: [1, 1, 3] },
      build: (graph, { a, b }) =>
        mul(graph, expand(graph, a as Value, ["B", "G", 3]), expand(graph, b as Value, ["B", "G", 3])),
    });
  }
});

test("gradient of an expand that repeats nothing", async () => {
  await checkGradients(new Random(18), {
    inputs: { a: [2, 3] },
    build: (graph, { a }) => expand(graph, a as Value, [2, 3]),
  });
});
