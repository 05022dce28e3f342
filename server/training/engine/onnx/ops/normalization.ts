/** Root-mean-square normalization, fused forwards, written out backwards. */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";
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
  const shapes = [x.shape, [n, 1]];
  const [y, fused] = graph.nodes("SimplifiedLayerNormalization", [x, weight], shapes, attributes) as [Value, Value];
  return graph.record(y, [x, weight], (g, [wantX, wantW]) => {
    const r = graph.target === "cpu" ? fused : inverseRms(graph, x, epsilon);
    const normalized = mulRaw(graph, x, r);
    const product = mulRaw(graph, g, normalized);
    const dWeight = wantW ? columnSums(graph, product) : undefined;
    if (!wantX) return [undefined, dWeight];
    const mean = mulRaw(graph, weightedRowSums(graph, product, weight), graph.scalar(1 / hidden));
    const centered = subRaw(graph, mulRaw(graph, g, weight), mulRaw(graph, normalized, mean));
    return [mulRaw(graph, centered, r), dWeight];
  });
}

/** r from x: ONNX Runtime 1.30's WebGPU kernel does not write it into the second output, where the CPU's does. */
function inverseRms(graph: Graph, x: Value, epsilon: number): Value {
  const rows = [x.shape[0] as Dim, 1];
  const squares = graph.node("ReduceSumSquare", [x, graph.integers(-1)], rows, { keepdims: 1 });
  const mean = mulRaw(graph, squares, graph.scalar(1 / (x.shape[1] as number)));
  const rms = graph.node("Sqrt", [addRaw(graph, mean, graph.scalar(epsilon))], rows);
  return graph.node("Reciprocal", [rms], rows);
}
