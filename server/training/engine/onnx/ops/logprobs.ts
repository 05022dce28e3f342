/** Log-probabilities and entropies of a categorical distribution given by logits. */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";

/**
 * log p = z − max z − log Σ_v exp(z_v − max z) of each row of z [N, V]. On the CPU the fused operator; on WebGPU written out,
 * since there the fused one falls back to the CPU and ReduceLogSumExp overflows for large logits.
 */
export function logSoftmax(graph: Graph, z: Value): Value {
  if (graph.target === "cpu") return graph.node("LogSoftmax", [z], z.shape, { axis: -1 });
  const rows = [z.shape[0] as Dim, 1];
  const last = graph.integers(-1);
  const centered = subRaw(graph, z, graph.node("ReduceMax", [z, last], rows, { keepdims: 1 }));
  const sum = graph.node("ReduceSum", [graph.node("Exp", [centered], z.shape), last], rows, { keepdims: 1 });
  return subRaw(graph, centered, graph.node("Log", [sum], rows));
}

/** H = −Σ_v p_v log p_v of each row, from log p and p [N, V]: [N, 1]. */
export function entropyOf(graph: Graph, logP: Value, p: Value): Value {
  const rows = [p.shape[0] as Dim, 1];
  const sum = graph.node("ReduceSum", [mulRaw(graph, p, logP), graph.integers(-1)], rows, { keepdims: 1 });
  return graph.node("Neg", [sum], rows);
}

/**
 * log p(id) of each row of the logits z [N, V] and ids [N, 1]: [N, 1].
 *
 *     dz = g ∘ (onehot(id) − p)
 */
export function tokenLogprobs(graph: Graph, z: Value, ids: Value): Value {
  const logP = logSoftmax(graph, z);
  const chosen = graph.node("GatherElements", [logP, ids], ids.shape, { axis: 1 });
  return graph.record(chosen, [z], (g) => {
    const negative = graph.node("Neg", [g], g.shape);
    const spread = mulRaw(graph, graph.node("Exp", [logP], z.shape), negative);
    // Each row is written once, so nothing is added twice to one cell.
    return [graph.node("ScatterElements", [spread, ids, g], z.shape, { axis: 1, reduction: "add" })];
  });
}

/**
 * H of each row of the logits z [N, V]: [N, 1].
 *
 *     dz = −g ∘ p ∘ (log p + H)
 */
export function entropy(graph: Graph, z: Value): Value {
  const logP = logSoftmax(graph, z);
  const p = graph.node("Exp", [logP], z.shape);
  const h = entropyOf(graph, logP, p);
  return graph.record(h, [z], (g) => {
    const negative = graph.node("Neg", [g], g.shape);
    return [mulRaw(graph, mulRaw(graph, p, addRaw(graph, logP, h)), negative)];
  });
}
