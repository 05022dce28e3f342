/** Whether a device computes with weights in another form than float32: found out on one small layer, before a model is read. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import type { FrozenForm } from "../../lora.ts";
import { relativeError, TOLERANCE } from "../devices/checks.ts";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { type InputArray, ownMemory } from "../model/weights.ts";
import { mul, sumAll } from "../ops/elementwise.ts";
import { ZERO } from "../ops/order.ts";
import type { Device } from "../runtime/device.ts";
import type { Feed } from "../runtime/session.ts";
import { SessionPool } from "../runtime/sessionPool.ts";
import { formOf } from "./forms.ts";

/** Rows and outputs of the layer, which no tile divides, and its inputs in blocks. */
const [ROWS, OUT, BLOCKS] = [3, 17, 6] as const;
const inputsOf = (frozen: FrozenForm): number => BLOCKS * (frozen.kind === "blocks" ? frozen.block : 16);

/** @throws InputError in one sentence where the device lacks the kernels, or they compute something else */
export async function checkDevice(device: Pick<Device, "name" | "threads">, frozen: FrozenForm): Promise<void> {
  const fault = await deviceFault(device, frozen);
  if (fault !== undefined) throw refusal(device.name, frozen, fault);
}

/** Why a device cannot compute with weights in that form, found out in a session that is gone afterwards; undefined where it can. */
export async function deviceFault(
  device: Pick<Device, "name" | "threads">,
  frozen: FrozenForm,
): Promise<string | undefined> {
  const pool = new SessionPool(device);
  try {
    return await kernelFault(pool, frozen);
  } finally {
    await pool.dispose();
  }
}

/** As `deviceFault`, in a session of the pool. */
export async function kernelFault(
  pool: Pick<SessionPool, "target" | "get">,
  frozen: FrozenForm,
): Promise<string | undefined> {
  const { target } = pool;
  const form = formOf(frozen);
  const size = { out: OUT, input: inputsOf(frozen) };
  const [x, weight, cotangent] = [wave(ROWS * size.input, 0.7), wave(OUT * size.input, 1.3), wave(ROWS * OUT, 0.9)];
  const data = form.keep(weight, size, ownMemory);
  const feeds = new Map<string, Feed>([
    ["x", x],
    ["cotangent", cotangent],
    [ZERO, Float32Array.of(0)],
    ...form.parts(size, target).map(({ name }, i) => [name, data[i] as InputArray] as const),
  ]);
  const w = form.read(data);
  const expected = {
    product: products(ROWS, OUT, size.input, (n, o, i) => at(x, n * size.input + i) * at(w, o * size.input + i)),
    gradient: products(ROWS, size.input, OUT, (n, i, o) => at(cotangent, n * OUT + o) * at(w, o * size.input + i)),
  };
  let found: Map<string, Float32Array>;
  try {
    const session = await pool.get(`kernels:${JSON.stringify(frozen)}`, () => layerGraph(target, frozen));
    found = await session.run(feeds, {});
  } catch (error) {
    return plain(reasonIn((error as Error).message), 200);
  }
  for (const [name, values] of Object.entries(expected)) {
    const error = relativeError(found.get(name) ?? new Float32Array(), values);
    if (!(error <= TOLERANCE)) return `its ${name} is off by ${error.toPrecision(2)} of the largest value`;
  }
  return undefined;
}

/** The first line, without what the runtime says before it of the node and of the place in its own source. */
export function reasonIn(message: string): string {
  const line = message.split("\n")[0] ?? "";
  return line.replace(/^.*Status Message: (?:\S+:\d+ \S+ )?/, "").replace(/\.$/, "");
}

function layerGraph(target: Target, frozen: FrozenForm): Graph {
  const graph = new Graph(target);
  const form = formOf(frozen);
  const size = { out: OUT, input: inputsOf(frozen) };
  const x = graph.input("x", [ROWS, size.input]);
  const parts = form.parts(size, target).map(({ name, shape, dtype }) => graph.input(name, shape, dtype));
  const y = form.linear(graph, x, parts, size);
  graph.output("product", y);
  const loss = sumAll(graph, mul(graph, y, graph.input("cotangent", [ROWS, OUT])));
  graph.output("gradient", gradients(graph, loss, [x])[0] as Value);
  return graph;
}

/** What a run is told that cannot have weights in that form on its device. */
export function refusal(device: Device["name"], frozen: FrozenForm, why: string): InputError {
  const other = device === "cpu" ? "" : ', or the device to "cpu"';
  return new InputError(
    `The device "${device}" cannot compute with weights in ${formOf(frozen).called} (${why}); set settings.adapter.base to "f32"${other}.`,
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
