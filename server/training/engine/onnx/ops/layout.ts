/** Operators that move or view elements without computing: reshape, transpose, concatenate, split, expand. */
import { type Dim, plus, type Shape } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";

export function reshapeRaw(graph: Graph, a: Value, shape: Shape): Value {
  return graph.node("Reshape", [a, graph.dims(shape)], shape);
}

export function transposeRaw(graph: Graph, a: Value, axes: readonly number[]): Value {
  const shape = axes.map((axis) => a.shape[axis] as Dim);
  return graph.node("Transpose", [a], shape, { perm: axes });
}

export function reshape(graph: Graph, a: Value, shape: Shape): Value {
  return graph.record(reshapeRaw(graph, a, shape), [a], (g) => [reshapeRaw(graph, g, a.shape)]);
}

export function transpose(graph: Graph, a: Value, axes: readonly number[]): Value {
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return graph.record(transposeRaw(graph, a, axes), [a], (g) => [transposeRaw(graph, g, inverse)]);
}

function splitRaw(graph: Graph, a: Value, axis: number, sizes: readonly Dim[]): Value[] {
  const shapes = sizes.map((size) => a.shape.map((dim, index) => (index === axis ? size : dim)));
  return graph.nodes("Split", [a, graph.dims(sizes)], shapes, { axis });
}

function concatRaw(graph: Graph, parts: readonly Value[], axis: number): Value {
  const size = plus(...parts.map((part) => part.shape[axis] as Dim));
  const shape = (parts[0] as Value).shape.map((dim, index) => (index === axis ? size : dim));
  return graph.node("Concat", parts, shape, { axis });
}

/** Cuts a along an axis into pieces of the given sizes. Every piece must be used where a gradient is asked for. */
export function split(graph: Graph, a: Value, axis: number, sizes: readonly Dim[]): readonly Value[] {
  return graph.recordAll(splitRaw(graph, a, axis, sizes), [a], (pieces) => {
    if (pieces.includes(undefined)) throw new Error("A piece of a split is not used by the loss");
    return [concatRaw(graph, pieces as Value[], axis)];
  });
}

export function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  const sizes = parts.map((part) => part.shape[axis] as Dim);
  return graph.record(concatRaw(graph, parts, axis), parts, (g) => splitRaw(graph, g, axis, sizes));
}

/** The last `count` rows of a matrix [rest + count, …], where `rest` rows come before. */
export function lastRows(graph: Graph, a: Value, rest: Dim, count: Dim): Value {
  const columns = a.shape.slice(1);
  const [start, end, axis] = [graph.dims([rest]), graph.dims([plus(rest, count)]), graph.integers(0)];
  const y = graph.node("Slice", [a, start, end, axis], [count, ...columns]);
  return graph.record(y, [a], (g) => {
    const none = columns.map(() => 0);
    return [graph.node("Pad", [g, graph.dims([rest, ...none, 0, ...none])], a.shape)];
  });
}

/** Repeats a along axes of size 1. */
export function expand(graph: Graph, a: Value, shape: Shape): Value {
  const axes = a.shape.flatMap((dim, axis) => (dim === 1 && shape[axis] !== 1 ? [axis] : []));
  // Without an axis to repeat, the gradient's sum would run over all of them.
  if (axes.length === 0) return a;
  const y = graph.node("Expand", [a, graph.dims(shape)], shape);
  return graph.record(y, [a], (g) => [graph.node("ReduceSum", [g, graph.integers(...axes)], a.shape, { keepdims: 1 })]);
}
