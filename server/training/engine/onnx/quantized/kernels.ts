/** Whether a device computes with weights in 4 bits: found out on one small layer, before a model is read. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { gradients } from "../autodiff.ts";
import type { Device } from "../device.ts";
import { relativeError, TOLERANCE } from "../devices/checks.ts";
import { Graph, type Target, type Value } from "../graph.ts";
import { mul, sumAll } from "../ops/elementwise.ts";
import { ZERO } from "../ops/order.ts";
import type { Feed } from "../session.ts";
import { SessionPool } from "../sessionPool.ts";
import { ownMemory } from "../weights.ts";
import { blockLinear, packedShape } from "./blockLinear.ts";
import { blockShapes, dequantize, quantize } from "./blocks.ts";

/** Rows, outputs and blocks of the layer: sizes that no tile divides. */
const [ROWS, OUT, BLOCKS] = [3, 17, 6] as const;

/** @throws InputError in one sentence where the device lacks the kernels, or they compute something else */
export async function checkDevice(device: Pick<Device, "name" | "threads">, block: number): Promise<void> {
  const fault = await deviceFault(device, block);
  if (fault !== undefined) throw refusal(device.name, fault);
}

/** Why a device cannot compute with blocks of that size, found out in a session that is gone afterwards; undefined where it can. */
export async function deviceFault(
  device: Pick<Device, "name" | "threads">,
  block: number,
): Promise<string | undefined> {
  const pool = new SessionPool(device);
  try {
    return await kernelFault(pool, block);
  } finally {
    await pool.dispose();
  }
}

/** As `deviceFault`, in a session of the pool. */
export async function kernelFault(
  pool: Pick<SessionPool, "target" | "get">,
  block: number,
): Promise<string | undefined> {
  const { target } = pool;
  const input = BLOCKS * block;
  const [x, weight, cotangent] = [wave(ROWS * input, 0.7), wave(OUT * input, 1.3), wave(ROWS * OUT, 0.9)];
  const blocks = quantize(weight, input, block, ownMemory);
  const feeds = new Map<string, Feed>([
    ["x", x],
    ["cotangent", cotangent],
    [ZERO, Float32Array.of(0)],
    ...Object.entries(blocks),
  ]);
  const w = dequantize(blocks);
  const expected = {
    product: products(ROWS, OUT, input, (n, o, i) => at(x, n * input + i) * at(w, o * input + i)),
    gradient: products(ROWS, input, OUT, (n, i, o) => at(cotangent, n * OUT + o) * at(w, o * input + i)),
  };
  let found: Map<string, Float32Array>;
  try {
    const session = await pool.get("4-bit kernels", () => layerGraph(target, input, block));
    found = await session.run(feeds, {});
  } catch (error) {
    return plain((error as Error).message.split("\n")[0] ?? "", 200);
  }
  for (const [name, values] of Object.entries(expected)) {
    const error = relativeError(found.get(name) ?? new Float32Array(), values);
    if (!(error <= TOLERANCE)) return `its ${name} is off by ${error.toPrecision(2)} of the largest value`;
  }
  return undefined;
}

function layerGraph(target: Target, input: number, block: number): Graph {
  const graph = new Graph(target);
  const shapes = blockShapes(OUT, input, block);
  const x = graph.input("x", [ROWS, input]);
  const y = blockLinear(graph, x, {
    packed: graph.input("packed", packedShape(target, OUT, input, block), "uint8"),
    scales: graph.input("scales", shapes.scales),
    zeros: graph.input("zeros", shapes.zeros, "uint8"),
    ...{ out: OUT, input, block },
  });
  graph.output("product", y);
  const loss = sumAll(graph, mul(graph, y, graph.input("cotangent", [ROWS, OUT])));
  graph.output("gradient", gradients(graph, loss, [x])[0] as Value);
  return graph;
}

/** What a run is told that cannot have weights in 4 bits on its device. */
export function refusal(device: Device["name"], why: string): InputError {
  const other = device === "cpu" ? "" : ', or the device to "cpu"';
  return new InputError(
    `The device "${device}" cannot compute with weights in 4 bits (${why}); set settings.adapter.base to "f32"${other}.`,
  );
}

/** Numbers in (−1, 1) without a pattern. */
const wave = (length: number, pace: number) => Float32Array.from({ length }, (_, i) => Math.sin(pace * (i + 1)));

/** Σ over inner of the terms, [rows, columns], in float64. */
function products(
  rows: number,
  columns: number,
  inner: number,
  term: (row: number, column: number, i: number) => number,
): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, cell) => {
    let sum = 0;
    for (let i = 0; i < inner; i++) sum += term(Math.floor(cell / columns), cell % columns, i);
    return sum;
  });
}

const at = (values: Float32Array, index: number) => values[index] as number;
