import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { assertClose, runOnce } from "../testing/runtime.ts";
import { mul, sumAll } from "./elementwise.ts";
import { columnSums, linear, linearOnto, matMulRaw, matMulTransposed, weightedRowSums } from "./linear.ts";

const targets: Target[] = ["cpu", "webgpu"];

test("gradient of linear, with and without a bias", async () => {
  const random = new Random(21);
  for (let i = 0; i < 10; i++) {
    const [n, inner, outer] = [random.integer(1, 5), random.integer(1, 4), random.integer(1, 4)];
    const inputs = { x: ["N", inner], w: [outer, inner] };
    const sizes = { N: n };
    await checkGradients(random, {
      sizes,
      inputs,
      build: (graph, { x, w }) => linear(graph, x as Value, w as Value),
    });
    await checkGradients(random, {
      sizes,
      inputs: { ...inputs, b: [outer] },
      build: (graph, { x, w, b }) => linear(graph, x as Value, w as Value, b),
    });
  }
});

test("gradient of a linear layer onto another result", async () => {
  const random = new Random(27);
  for (let i = 0; i < 5; i++) {
    const [n, inner, outer] = [random.integer(1, 5), random.integer(1, 4), random.integer(1, 4)];
    await checkGradients(random, {
      sizes: { N: n },
      inputs: { base: ["N", outer], x: ["N", inner], w: [outer, inner] },
      build: (graph, { base, x, w }) => linearOnto(graph, base as Value, x as Value, w as Value),
    });
  }
});

test("gradient of a wide linear layer, whichever factor is transposed beforehand", async () => {
  const random = new Random(28);
  const inner = 256;
  for (const [outer, transposes] of [
    [inner - 1, 1],
    [inner + 1, 2],
  ] as const) {
    const graph = new Graph("cpu");
    const [x, w] = [graph.input("x", ["N", inner]), graph.input("w", [outer, inner])];
    gradients(graph, sumAll(graph, linear(graph, x, w)), [w]);
    assert.equal(graph.operators().get("Transpose"), transposes);
    await checkGradients(random, {
      sizes: { N: 3 },
      inputs: { x: ["N", inner], w: [outer, inner] },
      build: (graph, { x, w }) => linear(graph, x as Value, w as Value),
    });
    await checkGradients(random, {
      sizes: { N: 3 },
      inputs: { base: ["N", outer], x: ["N", inner], w: [outer, inner] },
      build: (graph, { base, x, w }) => linearOnto(graph, base as Value, x as Value, w as Value),
    });
  }
});

test("a linear layer whose input is fixed makes no gradient for it", () => {
  const graph = new Graph("cpu");
  const [x, w, b] = [graph.input("x", [2, 3]), graph.input("w", [4, 3]), graph.input("b", [4])];
  const loss = sumAll(graph, linear(graph, x, w, b));
  const before = graph.operators().get("Gemm") as number;
  gradients(graph, loss, [w]);
  assert.equal(graph.operators().get("Gemm"), before + 1);
});

/** Σ over the inner index of a·b, by definition: a [lead, rows, inner], b [lead, inner, columns]. */
function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  lead: number,
  rows: number,
  inner: number,
  columns: number,
) {
  const result: number[] = [];
  for (let l = 0; l < lead; l++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += (a[(l * rows + i) * inner + k] as number) * (b[(l * inner + k) * columns + j] as number);
        }
        result.push(sum);
      }
    }
  }
  return result;
}

/** Swaps the last two axes of [lead, rows, columns]. */
function turned(data: ArrayLike<number>, lead: number, rows: number, columns: number): Float64Array {
  const result = new Float64Array(data.length);
  for (let l = 0; l < lead; l++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        result[(l * columns + j) * rows + i] = data[(l * rows + i) * columns + j] as number;
      }
    }
  }
  return result;
}

test("batched products, plain and transposed, are what they are by definition on either target", () => {
  const random = new Random(22);
  const [lead, rows, inner, columns] = [6, 3, 4, 5];
  const a = random.normals(lead * rows * inner);
  const b = random.normals(lead * inner * columns);
  const expected = product(a, b, lead, rows, inner, columns);
  const flippedA = { shape: [2, 3, inner, rows], data: turned(a, lead, rows, inner) };
  const flippedB = { shape: [2, 3, columns, inner], data: turned(b, lead, inner, columns) };
  const plainA = { shape: [2, 3, rows, inner], data: a };
  const plainB = { shape: [2, 3, inner, columns], data: b };
  for (const target of targets) {
    const results = [
      evaluate({ a: plainA, b: plainB }, (graph, v) => matMulRaw(graph, v.a as Value, v.b as Value), { target }),
      ...[
        [plainA, plainB, false, false] as const,
        [flippedA, plainB, true, false] as const,
        [plainA, flippedB, false, true] as const,
        [flippedA, flippedB, true, true] as const,
      ].map(([left, right, transA, transB]) =>
        evaluate(
          { a: left, b: right },
          (graph, v) => matMulTransposed(graph, v.a as Value, v.b as Value, transA, transB),
          { target },
        ),
      ),
    ];
    for (const result of results) assert.ok(largestDifference(result, expected) < 1e-12);
  }
});

test("the leading axes of a batched product broadcast", () => {
  const random = new Random(23);
  const [a, b] = [random.normals(2 * 3 * 4), random.normals(5 * 4 * 2)];
  const result = evaluate({ a: { shape: [1, 2, 3, 4], data: a }, b: { shape: [5, 1, 4, 2], data: b } }, (graph, v) =>
    matMulRaw(graph, v.a as Value, v.b as Value),
  );
  const expected = Array.from({ length: 5 }, (_, i) =>
    [0, 1].map((j) => product(a.subarray(j * 12, (j + 1) * 12), b.subarray(i * 8, (i + 1) * 8), 1, 3, 4, 2)),
  ).flat(2);
  assert.ok(largestDifference(result, expected) < 1e-12);
});

test("sums over rows and weighted sums over columns", () => {
  const data = [1, 2, 3, 4, 5, 6];
  assert.deepEqual(
    [
      ...evaluate({ a: { shape: ["N", 3], data } }, (graph, { a }) => columnSums(graph, a as Value), {
        sizes: { N: 2 },
      }),
    ],
    [5, 7, 9],
  );
  const weighted = evaluate(
    { a: { shape: ["N", 3], data }, w: { shape: [3], data: [1, 10, 100] } },
    (graph, { a, w }) => weightedRowSums(graph, a as Value, w as Value),
    { sizes: { N: 2 } },
  );
  assert.deepEqual([...weighted], [321, 654]);
});

test("the runtime's product with a cache that lies position by position agrees with the interpreter's", async () => {
  // The decoder's use of FusedMatMul with transBatchB: [S, r, d] times [T, S, d], and [S, r, T] times the same.
  const random = new Random(24);
  const sizes = { S: 3, T: 4 };
  const graph = new Graph("cpu");
  const [q, p] = [graph.input("q", ["S", 2, 5]), graph.input("p", ["S", 2, "T"])];
  const cache = graph.input("cache", ["T", "S", 5]);
  const attributes = { transBatchB: 1 };
  graph.output(
    "scores",
    graph.node("com.microsoft:FusedMatMul", [q, cache], ["S", 2, "T"], { ...attributes, transB: 1 }),
  );
  graph.output(
    "values",
    graph.node("com.microsoft:FusedMatMul", [p, cache], ["S", 2, 5], { ...attributes, transB: 0 }),
  );
  const feeds = new Map([
    ["q", random.normals(30)],
    ["p", random.normals(24)],
    ["cache", random.normals(60)],
  ]);
  assertClose(await runOnce(graph, sizes, feeds), new Interpreter(graph, sizes).run(feeds), 1e-6, 1);
});

test("a product in a longer chain", async () => {
  await checkGradients(new Random(25), {
    sizes: { N: 3 },
    inputs: { x: ["N", 2], w: [3, 2], v: [2, 3] },
    build: (graph, { x, w, v }) => {
      const hidden = linear(graph, x as Value, w as Value);
      return linear(graph, mul(graph, hidden, hidden), v as Value);
    },
  });
});
