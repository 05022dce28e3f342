/** Root-mean-square normalization, fused forwards, written out backwards. */
import type { Dim } from "../dims.ts";
import type { Graph, Value } from "../graph.ts";
import { mulRaw, subRaw } from "./elementwise.ts";
import { columnSums, weightedRowSums } from "./linear.ts";

/**
 * y = w ∘ x̂ with x̂ = x·r and r = 1/√(mean(x²) + ε), x [N, h], w [h] (Zhang & Sennrich, "Root Mean Square Layer Normalization").
 *
 *     dw = Σ_rows g ∘ x̂
 *     dx = r·(g ∘ w − x̂·mean(g ∘ w ∘ x̂))
 */
export function rmsNorm(graph: Graph, x: Value, weight: Value, epsilon: number): Value {
  const [n, hidden] = x.shape as [Dim, number];
  const attributes = { axis: -1, epsilon: { float: epsilon }, stash_type: 1 };
  const [y, r] = graph.nodes("SimplifiedLayerNormalization", [x, weight], [x.shape, [n, 1]], attributes) as [
    Value,
    Value,
  ];
  return graph.record(y, [x, weight], (g, [wantX, wantW]) => {
    const normalized = mulRaw(graph, x, r);
    const product = mulRaw(graph, g, normalized);
    const dWeight = wantW ? columnSums(graph, product) : undefined;
    if (!wantX) return [undefined, dWeight];
    const mean = mulRaw(graph, weightedRowSums(graph, product, weight), graph.scalar(1 / hidden));
    const centered = subRaw(graph, mulRaw(graph, g, weight), mulRaw(graph, normalized, mean));
    return [mulRaw(graph, centered, r), dWeight];
  });
}
