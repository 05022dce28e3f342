/**
 * Which result waits for which. ONNX Runtime chooses the order of nodes by itself and merges nodes that compute the same
 * from the same; where memory is to be freed before more of it is used, or something is computed a second time on purpose,
 * the graph has to say so in the only words that the runtime heeds: data that depend on data.
 */
import { elementsOf, type Shape } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw } from "./elementwise.ts";
import { reshapeRaw } from "./layout.ts";

/** Name of the scalar input that is always fed 0: since it is fed, no optimizer can reckon with it. */
export const ZERO = "zero";

/**
 * The value, computed again from what it is, and no sooner than all of `done`:
 *
 *     value + zero·Σ (first element of each)
 *
 * Undifferentiated. An element that is not finite makes the result NaN, which it would have made the policy anyway.
 */
export function after(graph: Graph, value: Value, ...done: readonly Value[]): Value {
  const sum = done.map((one) => firstElement(graph, one)).reduce((a, b) => addRaw(graph, a, b));
  return addRaw(graph, value, mulRaw(graph, graph.input(ZERO, []), sum));
}

/** [1]. */
function firstElement(graph: Graph, value: Value): Value {
  const flat = reshapeRaw(graph, value, [elementsOf(value.shape)]);
  const [start, end] = [graph.integers(0), graph.integers(1)];
  return graph.node("Slice", [flat, start, end, start], [1]);
}

/**
 * The value itself under a shape, its own unless given, which is told no sooner than that of `done` is there. Integers alone are computed, and
 * nothing is copied; but what reads the view is not the same to the runtime as what reads the value. Undifferentiated.
 */
export function viewAfter(graph: Graph, value: Value, done: Value, as: Shape = value.shape): Value {
  const size = graph.nodes("Shape", [done], [[1]], { start: 0, end: 1 }, "int64")[0] as Value;
  const nothing = graph.node("Mul", [size, graph.integers(0)], [1]);
  const shape = graph.node("Add", [graph.dims(as), nothing], [as.length]);
  return graph.node("Reshape", [value, shape], as);
}
