/** Whether a device multiplies in float16, and lets it be seen where a result is beyond it: found out on one small layer, before a model is read. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { relativeError } from "../devices/checks.ts";
import { reasonIn } from "../frozen/kernels.ts";
import { Graph } from "../graph/graph.ts";
import { linear } from "../ops/linear.ts";
import type { Device } from "./device.ts";
import { SessionPool } from "./sessionPool.ts";

/** Rows, inputs and outputs of the layer. Of the last row the results are beyond float16's range, though its numbers are not. */
const [ROWS, INPUT, OUT] = [4, 32, 17] as const;
const BEYOND = 3e4;

/** Of results in float16, relative to the largest: three roundings, each of 2⁻¹¹, and those of sums that a device may keep in float16. */
const TOLERANCE = 2 ** -7;

/** @throws InputError in one sentence where the device cannot train in float16 */
export async function checkHalfProducts(device: Pick<Device, "name" | "threads">): Promise<void> {
  const fault = await productFault(device);
  if (fault === undefined) return;
  const other = device.name === "cpu" ? "" : ', or the device to "cpu"';
  throw new InputError(
    `The device "${device.name}" cannot train in float16 (${fault}); set settings.optimizer.precision to "f32"${other}.`,
  );
}

/** Why a device cannot; undefined where it can. */
export async function productFault(device: Pick<Device, "name" | "threads">): Promise<string | undefined> {
  const x = Float32Array.from({ length: ROWS * INPUT }, (_, i) => Math.sin(0.7 * (i + 1))).fill(BEYOND, -INPUT);
  const w = Float32Array.from({ length: OUT * INPUT }, (_, i) => 1 + 0.5 * Math.sin(1.3 * (i + 1)));
  const expected = Float64Array.from({ length: (ROWS - 1) * OUT }, (_, cell) => {
    const [row, out] = [Math.floor(cell / OUT), cell % OUT];
    let sum = 0;
    for (let i = 0; i < INPUT; i++) sum += (x[row * INPUT + i] as number) * (w[out * INPUT + i] as number);
    return sum;
  });
  const pool = new SessionPool(device);
  try {
    const session = await pool.get("half products", () => {
      const graph = new Graph(pool.target, "f16");
      graph.output("y", linear(graph, graph.input("x", [ROWS, INPUT]), graph.input("w", [OUT, INPUT])));
      return graph;
    });
    const feeds = new Map([
      ["x", x],
      ["w", w],
    ]);
    const y = (await session.run(feeds, {})).get("y") ?? new Float32Array();
    const error = relativeError(y.subarray(0, expected.length), expected);
    if (!(error <= TOLERANCE)) return `its product is off by ${error.toPrecision(2)} of the largest value`;
    if (y.subarray(expected.length).some(Number.isFinite)) return "a result beyond float16 looks like a number";
    return undefined;
  } catch (error) {
    return plain(reasonIn((error as Error).message), 200);
  } finally {
    await pool.dispose();
  }
}
