/** AdamW as graphs, for parameters, gradients and moments that live on a device. */

import { Graph, type Target, type Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "../ops/elementwise.ts";
import { axesOf } from "../runtime/transfer.ts";
import { type AdamWSettings, coefficientNames } from "./coefficients.ts";

/**
 * One step of one parameter of that rank, by the formula of adamw.ts. Inputs `theta`, `m`, `v`, `gradient` and the
 * coefficients, which are scalars; outputs `theta`, `m` and `v` as they are afterwards.
 */
export function adamwGraph(target: Target, rank: number, { beta1, beta2, epsilon }: AdamWSettings): Graph {
  const graph = new Graph(target);
  const [theta, m, v, gradient] = ["theta", "m", "v", "gradient"].map((name) => graph.input(name, axesOf(rank))) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const [scale, rate, secondCorrection, decay] = coefficientNames.map((name) => graph.input(name, [])) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const times = (factor: number, value: Value) => mulRaw(graph, value, graph.scalar(factor));
  const g = mulRaw(graph, gradient, scale);
  const first = addRaw(graph, times(beta1, m), times(1 - beta1, g));
  const second = addRaw(graph, times(beta2, v), times(1 - beta2, mulRaw(graph, g, g)));
  const root = mulRaw(graph, graph.node("Sqrt", [second], second.shape), secondCorrection);
  const divisor = graph.node("Reciprocal", [addRaw(graph, root, graph.scalar(epsilon))], second.shape);
  const step = mulRaw(graph, mulRaw(graph, first, rate), divisor);
  graph.output("theta", subRaw(graph, theta, addRaw(graph, mulRaw(graph, theta, decay), step)));
  graph.output("m", first);
  graph.output("v", second);
  return graph;
}

/** `sum` [1] plus the squares of all elements of `x`, row by row first: one reduction over everything has one workgroup. */
export function squaresGraph(target: Target, rank: number): Graph {
  const graph = new Graph(target);
  const x = graph.input("x", axesOf(rank));
  const rows = [...x.shape.slice(0, -1), 1];
  const perRow = graph.node("ReduceSumSquare", [x, graph.integers(-1)], rows, { keepdims: 1 });
  const total = graph.node("ReduceSum", [perRow], [], { keepdims: 0 });
  graph.output("sum", addRaw(graph, graph.input("sum", [1]), total));
  return graph;
}

/** The sum of `a` and `b`. */
export function additionGraph(target: Target, rank: number): Graph {
  const graph = new Graph(target);
  graph.output("sum", addRaw(graph, graph.input("a", axesOf(rank)), graph.input("b", axesOf(rank))));
  return graph;
}
