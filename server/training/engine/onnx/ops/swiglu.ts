/** The gated activation of Llama's feed-forward layer. */
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";

/**
 * y = silu(gate) ∘ up, silu(x) = x·σ(x) (Shazeer, "GLU Variants Improve Transformer").
 *
 *     d up   = g ∘ silu(gate)
 *     d gate = g ∘ up ∘ (σ + silu − silu ∘ σ)
 */
export function swiglu(graph: Graph, gate: Value, up: Value): Value {
  const sigmoid = graph.node("Sigmoid", [gate], gate.shape);
  const silu = mulRaw(graph, gate, sigmoid);
  return graph.record(mulRaw(graph, silu, up), [gate, up], (g) => {
    const slope = subRaw(graph, addRaw(graph, sigmoid, silu), mulRaw(graph, silu, sigmoid));
    return [mulRaw(graph, mulRaw(graph, g, up), slope), mulRaw(graph, g, silu)];
  });
}
