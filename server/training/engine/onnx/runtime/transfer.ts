/** The ways between host and device: nothing but graphs that compute nothing, since a tensor's own way back aborts the process. */
import { Graph, type Target } from "../graph/graph.ts";
import type { DType } from "../graph/proto.ts";
import type { InputArray } from "../model/weights.ts";
import type { Resident } from "./resident.ts";
import { dtypeOf } from "./session.ts";
import { everything, nothing, type SessionPool } from "./sessionPool.ts";

/** Names of the sizes of a tensor of that rank, and the sizes. */
export const axesOf = (rank: number) => Array.from({ length: rank }, (_, axis) => `size${axis}`);
export const sizesOf = (shape: readonly number[]) =>
  Object.fromEntries(shape.map((size, axis) => [`size${axis}`, size] as const));

export async function upload(pool: SessionPool, data: InputArray, shape: readonly number[]): Promise<Resident> {
  const dtype = dtypeOf(data);
  const build = () => identity(pool.target, shape.length, dtype);
  const session = await pool.get(`upload:${dtype}:${shape.length}`, build, everything);
  return only((await session.execute(new Map([["x", data]]), sizesOf(shape))).resident);
}

export async function download(pool: SessionPool, resident: Resident): Promise<Float32Array> {
  const shape = resident.tensor.dims;
  const session = await pool.get(
    `download:${shape.length}`,
    () => identity(pool.target, shape.length, "float32"),
    nothing,
  );
  return only(await session.run(new Map([["x", resident]]), sizesOf(shape)));
}

/** Zeros, made where they are needed. */
export async function zeros(pool: SessionPool, shape: readonly number[]): Promise<Resident> {
  const build = () => {
    const graph = new Graph(pool.target);
    const axes = axesOf(shape.length);
    graph.output("y", graph.node("Expand", [graph.scalar(0), graph.dims(axes)], axes));
    return graph;
  };
  const session = await pool.get(`zeros:${shape.length}`, build, everything);
  return only((await session.execute(new Map(), sizesOf(shape))).resident);
}

function identity(target: Target, rank: number, dtype: DType): Graph {
  const graph = new Graph(target);
  const x = graph.input("x", axesOf(rank), dtype);
  graph.output("y", graph.node("Identity", [x], x.shape));
  return graph;
}

function only<T>(results: ReadonlyMap<string, T>): T {
  return results.get("y") as T;
}
