/** Elementwise operators with broadcasting, and their gradients. */
import type { Shape } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";

/** Shape of a broadcast result (NumPy's rule). Throws where the shapes do not fit. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`Shapes [${a}] and [${b}] do not broadcast`);
  });
}

/** Sums a gradient over the axes along which its operand was broadcast. */
function reduceTo(graph: Graph, gradient: Value, shape: Shape): Value {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, axis) =>
    axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return gradient;
  const kept = gradient.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const summed = graph.node("ReduceSum", [gradient, graph.integers(...axes)], kept, { keepdims: 1 });
  return lead === 0 ? summed : graph.node("Reshape", [summed, graph.dims(shape)], shape);
}

function raw(graph: Graph, op: string, a: Value, b: Value): Value {
  return graph.node(op, [a, b], broadcast(a.shape, b.shape));
}

/** The undifferentiated forms, for use inside gradients. */
export const addRaw = (graph: Graph, a: Value, b: Value) => raw(graph, "Add", a, b);
export const subRaw = (graph: Graph, a: Value, b: Value) => raw(graph, "Sub", a, b);
export const mulRaw = (graph: Graph, a: Value, b: Value) => raw(graph, "Mul", a, b);

export function add(graph: Graph, a: Value, b: Value): Value {
  return graph.record(addRaw(graph, a, b), [a, b], (g, [wantA, wantB]) => [
    wantA ? reduceTo(graph, g, a.shape) : undefined,
    wantB ? reduceTo(graph, g, b.shape) : undefined,
  ]);
}

export function sub(graph: Graph, a: Value, b: Value): Value {
  return graph.record(subRaw(graph, a, b), [a, b], (g, [wantA, wantB]) => [
    wantA ? reduceTo(graph, g, a.shape) : undefined,
    wantB ? reduceTo(graph, graph.node("Neg", [g], g.shape), b.shape) : undefined,
  ]);
}

export function mul(graph: Graph, a: Value, b: Value): Value {
  return graph.record(mulRaw(graph, a, b), [a, b], (g, [wantA, wantB]) => [
    wantA ? reduceTo(graph, mulRaw(graph, g, b), a.shape) : undefined,
    wantB ? reduceTo(graph, mulRaw(graph, g, a), b.shape) : undefined,
  ]);
}

export function exp(graph: Graph, a: Value): Value {
  const y = graph.node("Exp", [a], a.shape);
  return graph.record(y, [a], (g) => [mulRaw(graph, g, y)]);
}

/** Smaller of two; where they are equal the gradient goes to the first. */
export function min(graph: Graph, a: Value, b: Value): Value {
  const firstIsSmaller = graph.node("LessOrEqual", [a, b], broadcast(a.shape, b.shape));
  const zero = graph.scalar(0);
  return graph.record(raw(graph, "Min", a, b), [a, b], (g) => [
    reduceTo(graph, graph.node("Where", [firstIsSmaller, g, zero], g.shape), a.shape),
    reduceTo(graph, graph.node("Where", [firstIsSmaller, zero, g], g.shape), b.shape),
  ]);
}

/** a limited to [low, high]; outside the gradient is 0, on a limit it passes. */
export function clip(graph: Graph, a: Value, low: number, high: number): Value {
  const y = graph.node("Clip", [a, graph.scalar(low), graph.scalar(high)], a.shape);
  return graph.record(y, [a], (g) => {
    const unchanged = graph.node("Equal", [y, a], a.shape);
    return [graph.node("Where", [unchanged, g, graph.scalar(0)], g.shape)];
  });
}

/** Sum of all elements, a scalar. */
export function sumAll(graph: Graph, a: Value): Value {
  const y = graph.node("ReduceSum", [a], [], { keepdims: 0 });
  return graph.record(y, [a], (g) => [graph.node("Expand", [g, graph.dims(a.shape)], a.shape)]);
}
