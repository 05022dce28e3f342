/** The value of a small expression, interpreted. */
import type { Shape, Sizes } from "../graph/dims.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { Interpreter } from "./interpreter.ts";

export interface Operand {
  shape: Shape;
  data: ArrayLike<number> | BigInt64Array;
}

/** y = build(inputs), as the interpreter computes it. */
export function evaluate(
  inputs: Record<string, Operand>,
  build: (graph: Graph, inputs: Record<string, Value>) => Value,
  { sizes = {}, target = "cpu" }: { sizes?: Sizes; target?: Target } = {},
): Float64Array {
  const graph = new Graph(target);
  const values = Object.entries(inputs).map(([name, { shape, data }]) => [
    name,
    graph.input(name, shape, data instanceof BigInt64Array ? "int64" : "float32"),
  ]);
  graph.output("y", build(graph, Object.fromEntries(values)));
  const feeds = new Map(Object.entries(inputs).map(([name, { data }]) => [name, data]));
  return new Interpreter(graph, sizes).run(feeds).get("y") as Float64Array;
}

/** Largest absolute difference. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
}
