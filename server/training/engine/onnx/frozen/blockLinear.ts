/** Linear layers whose weights are frozen in blocks of 4 bits. */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Target, Value } from "../graph/graph.ts";
import { add } from "../ops/elementwise.ts";
import { reshapeRaw } from "../ops/layout.ts";
import { gemm } from "../ops/linear.ts";
import { after } from "../ops/order.ts";
import { BITS, type Blocks, blockShapes } from "./blocks.ts";

/** A matrix [out, input] in blocks, as inputs of a graph; see `packedShape`. */
export interface GraphBlocks extends Record<keyof Blocks, Value> {
  out: number;
  input: number;
  block: number;
}

/**
 * y = x·Wᵀ + b with x [N, in], W [out, in] in blocks, b [out]. The product reads the blocks as they are; its gradient needs W itself, which
 * is there for one product at a time. W is no input of the tape: it has no gradient.
 */
export function blockLinear(graph: Graph, x: Value, weight: GraphBlocks, bias?: Value): Value {
  const { packed, scales, zeros, out, input, block } = weight;
  const inputs = [x, packed, scales, zeros];
  const attributes = { K: input, N: out, bits: BITS, block_size: block };
  const product = graph.node("com.microsoft:MatMulNBits", inputs, [x.shape[0] as Dim, out], attributes);
  const y = graph.record(product, [x], (g) => [gemm(graph, g, matrix(graph, weight, g), false, false)]);
  return bias === undefined ? y : add(graph, y, bias);
}

/** Of the packed bytes: the CPU's product takes nothing but [out, blocks, block / 2], WebGPU's takes rows too, which both devices unpack. */
export function packedShape(target: Target, out: number, input: number, block: number): number[] {
  return target === "cpu" ? [out, input / block, block / 2] : blockShapes(out, input, block).packed;
}

/**
 * W [out, in] in float32, no sooner than the gradient that it is multiplied with: since nothing else holds it back, the runtime would make
 * the matrices of two projections of each layer in the forward pass already, and keep them.
 */
function matrix(graph: Graph, { packed, scales, zeros, out, input, block }: GraphBlocks, gradient: Value): Value {
  const rows = packed.shape.length === 2 ? packed : reshapeRaw(graph, packed, [out, input / 2]);
  const inputs = [rows, graph.range(out), after(graph, scales, gradient), zeros];
  const attributes = { bits: BITS, block_size: block, gather_axis: 0, quantize_axis: 1 };
  return graph.node("com.microsoft:GatherBlockQuantized", inputs, [out, input], attributes);
}
