/** Scaled dot-product attention with its gradient written out, so that nothing of the scores' size is made twice. */
import type { Dim, Shape } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { mulRaw, subRaw } from "./elementwise.ts";
import { reshapeRaw } from "./layout.ts";
import { matMulRaw, matMulTransposed } from "./linear.ts";

/**
 * softmax(Q·Kᵀ + mask)·V with Q [lead…, rep·S, d], already scaled by 1/√d, and K, V [lead…, T, d].
 * The `rep` query heads that share a key head lie one after another in the rows of Q, so that each key head is one product.
 * mask broadcasts over the scores seen as maskedShape, when it is run.
 *
 *     dV = Pᵀ·g;   dS = P ∘ (g·Vᵀ − rowsum(g ∘ O));   dQ = dS·K;   dK = dSᵀ·Q
 *
 * (Dao et al., "FlashAttention", §3.1 and appendix B: rowsum(P ∘ dP) equals rowsum(g ∘ O).)
 */
export function attention(graph: Graph, q: Value, k: Value, v: Value, mask: Value, maskedShape: Shape): Value {
  const scores = matMulTransposed(graph, q, k, false, true);
  // By hand: of a dimension that is 1 or as large as the scores' own, its name does not tell that it broadcasts.
  const masked = graph.node("Add", [reshapeRaw(graph, scores, maskedShape), mask], maskedShape);
  const weights = reshapeRaw(graph, graph.node("Softmax", [masked], maskedShape, { axis: -1 }), scores.shape);
  const output = matMulRaw(graph, weights, v);
  return graph.record(output, [q, k, v], (g) => {
    const rows = [...output.shape.slice(0, -1), 1] as Dim[];
    const products = mulRaw(graph, g, output);
    const correction = graph.node("ReduceSum", [products, graph.integers(-1)], rows, { keepdims: 1 });
    const dWeights = matMulTransposed(graph, g, v, false, true);
    const dScores = mulRaw(graph, weights, subRaw(graph, dWeights, correction));
    return [
      matMulRaw(graph, dScores, k),
      matMulTransposed(graph, dScores, q, true, false),
      matMulTransposed(graph, weights, g, true, false),
    ];
  });
}
