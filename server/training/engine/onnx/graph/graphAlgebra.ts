/** The objectives' operations as nodes of a graph. */
import type { Algebra } from "../../../objectives/algebra.ts";
import { add, clip, exp, min, mul, sub } from "../ops/elementwise.ts";
import type { Graph, Value } from "./graph.ts";

export function graphAlgebra(graph: Graph): Algebra<Value> {
  return {
    constant: (value) => graph.scalar(value),
    add: (a, b) => add(graph, a, b),
    sub: (a, b) => sub(graph, a, b),
    mul: (a, b) => mul(graph, a, b),
    exp: (a) => exp(graph, a),
    min: (a, b) => min(graph, a, b),
    clip: (a, low, high) => clip(graph, a, low, high),
  };
}
