/** Log-probabilities and entropies of a categorical distribution given by logits. */
import type { Dim } from "../dims.ts";
import type { Graph, Value } from "../graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";

/** log Σ_v exp z_v of each row of z [N, V]: [N, 1]. */
function logSumExp(graph: Graph, z: Value): Value {
  return graph.node("ReduceLogSumExp", [z, graph.integers(-1)], [z.shape[0] as Dim, 1], { keepdims: 1 });
}

/**
 * log p(id) = z_id − log Σ exp z for each row of the logits z [N, V] and ids [N, 1]: [N, 1].
 *
 *     dz = g ∘ (onehot(id) − softmax(z))
 */
export function tokenLogprobs(graph: Graph, z: Value, ids: Value): Value {
  const chosen = graph.node("GatherElements", [z, ids], ids.shape, { axis: 1 });
  return graph.record(subRaw(graph, chosen, logSumExp(graph, z)), [z], (g) => {
    const negative = graph.node("Neg", [g], g.shape);
    const spread = mulRaw(graph, graph.node("Softmax", [z], z.shape, { axis: -1 }), negative);
    // Each row is written once, so nothing is added twice to one cell.
    return [graph.node("ScatterElements", [spread, ids, g], z.shape, { axis: 1, reduction: "add" })];
  });
}

/**
 * H = −Σ_v p_v log p_v of each row of the logits z [N, V]: [N, 1].
 *
 *     dz = −g ∘ p ∘ (log p + H)
 */
export function entropy(graph: Graph, z: Value): Value {
  const rows = [z.shape[0] as Dim, 1];
  const logP = subRaw(graph, z, logSumExp(graph, z));
  const p = graph.node("Exp", [logP], z.shape);
  const sum = graph.node("ReduceSum", [mulRaw(graph, p, logP), graph.integers(-1)], rows, { keepdims: 1 });
  const h = graph.node("Neg", [sum], rows);
  return graph.record(h, [z], (g) => {
    const negative = graph.node("Neg", [g], g.shape);
    return [mulRaw(graph, mulRaw(graph, p, addRaw(graph, logP, h)), negative)];
  });
}
