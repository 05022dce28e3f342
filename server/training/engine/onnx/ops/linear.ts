/**
 * Linear layers over token rows and batched matrix products. Transposes are folded into the products, but where the CPU is faster with one
 * beforehand.
 */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw } from "./elementwise.ts";
import { toHalf, toHalfAfter, toSingle } from "./halves.ts";

/** op(A)·op(B) + C of matrices, where op may transpose; undifferentiated. */
export function gemm(graph: Graph, a: Value, b: Value, transA: boolean, transB: boolean, c?: Value): Value {
  const rows = a.shape[transA ? 1 : 0] as Dim;
  const columns = b.shape[transB ? 0 : 1] as Dim;
  const inputs = c === undefined ? [a, b] : [a, b, c];
  return graph.node("Gemm", inputs, [rows, columns], { transA: Number(transA), transB: Number(transB) });
}

/**
 * The product of a linear layer, forward or back, in the graph's precision. In float16, its operands and its result are (Micikevicius et al.,
 * "Mixed Precision Training", section 3), and C is added in float32.
 */
export function product(graph: Graph, a: Value, b: Value, transA: boolean, transB: boolean, c?: Value): Value {
  if (graph.precision === "f32") return gemm(graph, a, b, transA, transB, c);
  const result = toSingle(graph, gemm(graph, toHalf(graph, a), toHalf(graph, b), transA, transB));
  return c === undefined ? result : addRaw(graph, result, c);
}

/** A weight as it is multiplied with: in float16 it is rounded for each product anew, else all such copies would be kept till the last. */
const weightFor = (graph: Graph, weight: Value, factor: Value): Value =>
  graph.precision === "f32" ? weight : toHalfAfter(graph, weight, factor);

/** y = x·Wᵀ + b with x [N, in], W [out, in] as Hugging Face stores it, b [out]. */
export function linear(graph: Graph, x: Value, weight: Value, bias?: Value): Value {
  return recorded(graph, { x, weight, bias }, (factor) => weightFor(graph, weight, factor), product);
}

/** The same in float32, whatever the graph's precision. */
export function singleLinear(graph: Graph, x: Value, weight: Value, bias?: Value): Value {
  return recorded(graph, { x, weight, bias }, () => weight, gemm);
}

function recorded(
  graph: Graph,
  { x, weight, bias }: { x: Value; weight: Value; bias: Value | undefined },
  weightBeside: (factor: Value) => Value,
  times: typeof gemm,
): Value {
  const y = times(graph, x, weightBeside(x), false, true, bias);
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
  return graph.record(y, inputs, (g, [wantX, wantW, wantB]) => [
    wantX ? times(graph, g, weightBeside(g), false, false) : undefined,
    wantW ? weightGradient(graph, g, x, times) : undefined,
    wantB && bias !== undefined ? columnSums(graph, g) : undefined,
  ]);
}

/** Columns of gᵀ·x from which the CPU has g or x transposed beforehand. */
const WIDE_RESULT = 256;

/**
 * ∂L/∂W of y = x·Wᵀ with g = ∂L/∂y [N, out] and x [N, in]: gᵀ·x, [out, in]. The CPU's kernel gathers a transposed left factor, whose rows are
 * far apart in memory, once for every 128 columns of the result, and takes up to 1.5 times as long as for one that is not transposed. So
 * there the smaller of the two is transposed beforehand, and the result afterwards if that was x.
 */
function weightGradient(graph: Graph, g: Value, x: Value, times: typeof gemm): Value {
  const [outer, inner] = [g.shape[1], x.shape[1]] as [Dim, Dim];
  const fixed = typeof outer === "number" && typeof inner === "number";
  if (graph.target !== "cpu" || !fixed || inner < WIDE_RESULT) return times(graph, g, x, true, false);
  if (outer <= inner) return times(graph, swapLast(graph, g), x, false, false);
  return swapLast(graph, times(graph, swapLast(graph, x), g, false, false));
}

/** base + x·Wᵀ with base [N, out], in one pass over it. */
export function linearOnto(graph: Graph, base: Value, x: Value, weight: Value): Value {
  const y = product(graph, x, weightFor(graph, weight, x), false, true, base);
  return graph.record(y, [base, x, weight], (g, [wantBase, wantX, wantW]) => [
    wantBase ? g : undefined,
    wantX ? product(graph, g, weightFor(graph, weight, g), false, false) : undefined,
    wantW ? weightGradient(graph, g, x, product) : undefined,
  ]);
}

/** Sums a matrix [N, n] over its rows, as a product with ones, which is faster than a strided reduction. */
export function columnSums(graph: Graph, a: Value): Value {
  const [n, columns] = a.shape as [Dim, Dim];
  const ones = graph.node("Expand", [graph.scalar(1), graph.dims([1, n])], [1, n]);
  const sums = gemm(graph, ones, a, false, false);
  return graph.node("Reshape", [sums, graph.dims([columns])], [columns]);
}

/** Sums a matrix [N, n] over its columns, weighted by w [n]: [N, 1]. */
export function weightedRowSums(graph: Graph, a: Value, weight: Value): Value {
  const n = weight.shape[0] as Dim;
  const column = graph.node("Reshape", [weight, graph.dims([n, 1])], [n, 1]);
  return gemm(graph, a, column, false, false);
}

/** Batched product of the last two axes, undifferentiated; the axes before broadcast. */
export function matMulRaw(graph: Graph, a: Value, b: Value): Value {
  const lead = a.shape.slice(0, -2).map((dim, axis) => (dim === 1 ? (b.shape[axis] as Dim) : dim));
  return graph.node("MatMul", [a, b], [...lead, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim]);
}

/** aᵀ·b or a·bᵀ over the last two axes. On the CPU the transpose is folded into the product. */
export function matMulTransposed(graph: Graph, a: Value, b: Value, transA: boolean, transB: boolean): Value {
  const lead = a.shape.slice(0, -2);
  const shape = [...lead, a.shape.at(transA ? -1 : -2) as Dim, b.shape.at(transB ? -2 : -1) as Dim];
  if (graph.target === "cpu") {
    return graph.node("com.microsoft:FusedMatMul", [a, b], shape, { transA: Number(transA), transB: Number(transB) });
  }
  return graph.node("MatMul", [transA ? swapLast(graph, a) : a, transB ? swapLast(graph, b) : b], shape);
}

function swapLast(graph: Graph, a: Value): Value {
  const rank = a.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return graph.node(
    "Transpose",
    [a],
    perm.map((axis) => a.shape[axis] as Dim),
    { perm },
  );
}
