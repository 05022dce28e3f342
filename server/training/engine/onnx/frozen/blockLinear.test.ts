import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { ownMemory } from "../model/weights.ts";
import { mul, sumAll } from "../ops/elementwise.ts";
import { linear } from "../ops/linear.ts";
import { ZERO } from "../ops/order.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { assertClose, runOnce } from "../testing/runtime.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { blockLinear, packedShape } from "./blockLinear.ts";
import { type Blocks, blockShapes, dequantize, quantize } from "./blocks.ts";

const [out, input, block] = [6, 64, 16] as const;
const shapes = blockShapes(out, input, block);

const blocksOf = (random: Random) => quantize(random.normals(out * input), input, block, ownMemory);

const layer = (graph: Graph, x: Value, parts: Record<keyof Blocks, Value>, bias?: Value) =>
  blockLinear(graph, x, { ...parts, out, input, block }, bias);

test("gradient of a linear layer in blocks, with and without a bias", async () => {
  const random = new Random(31);
  for (const biased of [false, true]) {
    const { packed, scales, zeros } = blocksOf(random);
    await checkGradients(random, {
      sizes: { N: 3 },
      inputs: { x: ["N", input], ...(biased && { b: [out] }) },
      fixed: {
        packed: { shape: packedShape("cpu", out, input, block), data: packed },
        scales: { shape: shapes.scales, data: scales },
        zeros: { shape: shapes.zeros, data: zeros },
        [ZERO]: { shape: [], data: Float32Array.of(0) },
      },
      build: (graph, { x, packed, scales, zeros, b }) =>
        layer(graph, x as Value, { packed, scales, zeros } as Record<keyof Blocks, Value>, b),
    });
  }
});

/** y and its gradient by x, with the weight in blocks or whole. */
function bothWays(target: Target, whole: boolean): Graph {
  const graph = new Graph(target);
  const x = graph.input("x", ["N", input]);
  const b = graph.input("b", [out]);
  const parts = () => ({
    packed: graph.input("packed", packedShape(target, out, input, block), "uint8"),
    scales: graph.input("scales", shapes.scales),
    zeros: graph.input("zeros", shapes.zeros, "uint8"),
  });
  const y = whole ? linear(graph, x, graph.input("w", [out, input]), b) : layer(graph, x, parts(), b);
  const loss = sumAll(graph, mul(graph, y, graph.input("cotangent", ["N", out])));
  graph.output("y", y);
  graph.output("gradient", gradients(graph, loss, [x])[0] as Value);
  return graph;
}

const asFloat32s = (results: ReadonlyMap<string, Float64Array>) =>
  new Map([...results].map(([name, values]) => [name, Float32Array.from(values)] as const));

for (const target of ["cpu", "webgpu"] as const) {
  test(`${target} computes with blocks what it computes with the numbers that they stand for`, {
    skip: target === "webgpu" && withoutWebgpu,
  }, async () => {
    const random = new Random(32);
    const blocks = blocksOf(random);
    const feeds = new Map<string, Float32Array | Uint8Array>([
      ["x", random.normals(5 * input)],
      ["b", random.normals(out)],
      ["cotangent", random.normals(5 * out)],
      ["w", dequantize(blocks)],
      [ZERO, Float32Array.of(0)],
      ...Object.entries(blocks),
    ]);
    const expected = new Interpreter(bothWays(target, true), { N: 5 }).run(feeds);
    assertClose(await runOnce(bothWays(target, false), { N: 5 }, feeds), expected, 1e-5, 1);
    // In float64 without the rounding of what the blocks stand for.
    const interpreted = new Interpreter(bothWays(target, false), { N: 5 }).run(feeds);
    assertClose(asFloat32s(interpreted), expected, 1e-6, 1);
  });
}

test("blocks that a session has as constants are fed no more, and give the same results", async () => {
  const random = new Random(33);
  const blocks = new Map<string, Float32Array | Uint8Array>(Object.entries(blocksOf(random)));
  const feeds = new Map([
    ["x", random.normals(5 * input)],
    ["b", random.normals(out)],
    ["cotangent", random.normals(5 * out)],
    [ZERO, Float32Array.of(0)],
  ]);
  const expected = new Interpreter(bothWays("cpu", false), { N: 5 }).run(new Map([...feeds, ...blocks]));
  const options = { device: "cpu", threads: 1, constants: blocks } as const;
  assertClose(await runOnce(bothWays("cpu", false), { N: 5 }, feeds, options), expected, 1e-5, 1);
  await assert.rejects(runOnce(bothWays("cpu", false), { N: 5 }, feeds), /No data for the input packed/);
});

test("a weight in blocks has no gradient: nothing of the tape reads it", () => {
  const graph = bothWays("cpu", false);
  const read = graph.tape.flatMap(({ inputs }) => inputs.map(({ name }) => name));
  for (const part of ["packed", "scales", "zeros"]) assert.ok(!read.includes(part));
  assert.equal(graph.operators().get("MatMulNBits"), 1);
  assert.equal(graph.operators().get("GatherBlockQuantized"), 1);
});
