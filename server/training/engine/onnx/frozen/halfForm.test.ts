import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { ownMemory, sharedMemory } from "../model/weights.ts";
import { mul, sumAll } from "../ops/elementwise.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { assertClose, runOnce } from "../testing/runtime.ts";
import { HALF } from "./halfForm.ts";
import { Unkeepable } from "./unkeepable.ts";

const size = { out: 6, input: 9 };
const lengthOf = ({ out, input }: typeof size) => out * input;

test("gradient of a linear layer in float16, with and without a bias", async () => {
  const random = new Random(41);
  for (const biased of [false, true]) {
    const [half] = HALF.keep(random.normals(lengthOf(size)), size, ownMemory);
    await checkGradients(random, {
      sizes: { N: 3 },
      inputs: { x: ["N", size.input], ...(biased && { b: [size.out] }) },
      fixed: { half: { shape: [size.out, size.input], data: half as Uint16Array } },
      build: (graph, { x, half, b }) => HALF.linear(graph, x as Value, [half as Value], size, b),
    });
  }
});

/** The kept weight's layer, twice over: y = W₂·(W₁·x), and its gradient by x. */
function graphOf(): Graph {
  const graph = new Graph("cpu");
  const square = { out: 9, input: 9 };
  const x = graph.input("x", ["N", 9]);
  const half = graph.input("half", [9, 9], "float16");
  const y = HALF.linear(graph, HALF.linear(graph, x, [half], square), [half], square);
  const loss = sumAll(graph, mul(graph, y, graph.input("cotangent", ["N", 9])));
  graph.output("y", y);
  graph.output("gradient", gradients(graph, loss, [x])[0] as Value);
  return graph;
}

test("all computing is float32: results are exact where float16 would have rounded, or run over", async () => {
  const weight = new Float32Array(81);
  for (let i = 0; i < 9; i++) weight[10 * i] = 1 + 2 ** -10;
  const [half] = HALF.keep(weight, { out: 9, input: 9 }, ownMemory);
  const x = Float32Array.of(1e5, 1, 3 + 2 ** -12, 0, -7e4, 2 ** -20, 5, 6, 7);
  const feeds = new Map<string, Float32Array | Uint16Array>([
    ["x", x],
    ["cotangent", x],
    ["half", half as Uint16Array],
  ]);
  const expected = Float64Array.from(x, (value) => value * (1 + 2 ** -10) ** 2);
  const found = await runOnce(graphOf(), { N: 1 }, feeds);
  assertClose(
    found,
    new Map([
      ["y", expected],
      ["gradient", expected],
    ]),
    1e-7,
    1,
  );
});

test("each product has a weight of its own, which the runtime may not merge with another's", () => {
  const graph = graphOf();
  const casts = graph.proto().nodes.filter(({ op }) => op === "Cast");
  assert.equal(new Set(casts.flatMap(({ inputs }) => inputs)).size, 4);
  const read = graph.tape.flatMap(({ inputs }) => inputs.map(({ name }) => name));
  assert.ok(!read.includes("half"), "it has a gradient");
});

test("weights lie in the memory that was asked for, of an odd number too, and are read back as the nearest halves", () => {
  const odd = { out: 1, input: 9 };
  const weight = new Random(42).normals(9);
  for (const allocate of [ownMemory, sharedMemory]) {
    const [half] = HALF.keep(weight, odd, allocate);
    assert.equal(half?.buffer instanceof SharedArrayBuffer, allocate === sharedMemory);
    for (const [i, value] of HALF.read([half as Uint16Array]).entries()) {
      const exact = weight[i] as number;
      assert.ok(Math.abs(value - exact) <= Math.abs(exact) * 2 ** -11, `${exact} became ${value}`);
    }
  }
});

test("a number beyond float16's range, or that is none, cannot be kept", () => {
  const withNumber = (value: number) => Float32Array.of(0, 1, value, 2);
  const keep = (value: number) => HALF.keep(withNumber(value), { out: 2, input: 2 }, ownMemory);
  assert.deepEqual([...HALF.read(keep(65504))], [0, 1, 65504, 2]);
  const refused = (value: number, sentence: RegExp) =>
    assert.throws(
      () => keep(value),
      (error) => error instanceof Unkeepable && sentence.test(error.message),
    );
  for (const beyond of [65520, -1e30])
    refused(beyond, /^a number beyond ±65504, .* set settings\.adapter\.base to "f32"$/);
  for (const none of [Number.NaN, -Infinity]) refused(none, /^a number that is not finite, /);
});
