/** Between float32 and float16; undifferentiated. */
import { elementsOf, type Shape } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import type { DType } from "../graph/proto.ts";
import { reshapeRaw } from "./layout.ts";
import { viewAfter } from "./order.ts";

/** The value rounded to float16; itself where it is that. */
export function toHalf(graph: Graph, value: Value): Value {
  if (value.dtype === "float16") return value;
  return converted(graph, value, "float16", (shape) => viewed(graph, value, shape));
}

/** The same anew and no sooner than `done`, whatever else rounds the value. */
export function toHalfAfter(graph: Graph, value: Value, done: Value): Value {
  return converted(graph, value, "float16", (shape) => viewAfter(graph, value, done, shape));
}

export function toSingle(graph: Graph, value: Value): Value {
  return converted(graph, value, "float32", (shape) => viewed(graph, value, shape));
}

const viewed = (graph: Graph, value: Value, shape: Shape): Value =>
  shape === value.shape ? value : reshapeRaw(graph, value, shape);

/**
 * The CPU has no products of float16: the runtime puts casts around each, and takes for superfluous what then stands cast beside cast, and
 * with it the rounding and what float16 cannot hold. A view between them, of another shape, keeps both.
 */
function converted(graph: Graph, { shape }: Value, dtype: DType, view: (shape: Shape) => Value): Value {
  if (graph.target !== "cpu") return graph.cast(view(shape), dtype);
  return reshapeRaw(graph, graph.cast(view([elementsOf(shape)]), dtype), shape);
}
