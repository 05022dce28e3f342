import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import * as ort from "onnxruntime-node";
import { type Dim, plus, type Shape, sizeOf, times } from "../graph/dims.ts";
import { SelfSizedGraph } from "./selfSizedGraph.ts";

/** Vectors that a graph computes for shapes in the sizes of its only input [m, n]. */
async function computed(t: TestContext, shapes: readonly Shape[], m: number, n: number): Promise<number[][]> {
  const graph = new SelfSizedGraph("cpu");
  const x = graph.input("x", ["m", "n"], "int64");
  for (const [axis, name] of ["m", "n"].entries())
    graph.measure(name, graph.node("Shape", [x], [1], { start: axis, end: axis + 1 }));
  // A constant of the graph cannot be a result of it as well.
  const results = shapes.map((shape) => graph.node("Identity", [graph.dims(shape)], [shape.length]));
  for (const result of results) graph.output(result.name, result);
  assert.equal(graph.dimensionFeeds({}).size, 0);
  const session = await ort.InferenceSession.create(graph.encode(), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  t.after(() => session.release());
  const found = await session.run({ x: new ort.Tensor("int64", new BigInt64Array(m * n), [m, n]) });
  return results.map(({ name }) => Array.from(found[name]?.data as BigInt64Array, Number));
}

const dimension: fc.Arbitrary<Dim> = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 9 }), fc.array(fc.constantFrom("m", "n"), { maxLength: 3 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((terms) => plus(...terms.map(([coefficient, names]) => times(coefficient, ...names))));

test("a graph computes every dimension as the host does", async (t) => {
  const shape = fc.array(dimension, { minLength: 1, maxLength: 4 });
  const size = fc.integer({ min: 0, max: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 3 }), size, size, async (shapes, m, n) => {
      const expected = shapes.map((dims) => dims.map((dim) => sizeOf(dim, { m, n })));
      assert.deepEqual(await computed(t, shapes, m, n), expected);
    }),
    { seed: 5, numRuns: 40 },
  );
});

test("a size is computed once, however often it is asked for, and an unknown one is refused", () => {
  const graph = new SelfSizedGraph("cpu");
  const x = graph.input("x", ["m"], "int64");
  graph.measure("m", graph.node("Shape", [x], [1]));
  const first = graph.dims([times("m", 2), 3]);
  const nodes = graph.size;
  assert.equal(graph.dims([times(2, "m"), 3]), first);
  assert.equal(graph.size, nodes);
  assert.throws(() => graph.dims(["k"]), /does not know the size k/);
});
