/** Drawing one token of each row where the distribution is, so that a few numbers leave the device instead of the vocabulary's. */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";
import { reshapeRaw } from "./layout.ts";
import { matMulRaw } from "./linear.ts";

/** An index (as a float32, exact below 2²⁴) and the probability that stands there, each [N, 1]. */
export interface Choice {
  index: Value;
  chance: Value;
}

/**
 * Inverse-CDF draw from p [N, V] with u [N, 1] in [0, 1]: the first token whose cumulated probability exceeds u, or the last
 * that can occur where rounding has left the sum below u. In two levels, blocks of about √V tokens and the tokens of the
 * chosen block: a running sum is a product with a triangle of ones here, quadratic in what it runs over, because the
 * device's CumSum is so too and sums each position in another order.
 */
export function drawToken(graph: Graph, p: Value, u: Value): Choice {
  const [n, vocabulary] = p.shape as [Dim, number];
  const width = Math.ceil(Math.sqrt(vocabulary));
  const blocks = Math.ceil(vocabulary / width);
  const padding = blocks * width - vocabulary;
  const whole = padding === 0 ? p : graph.node("Pad", [p, graph.integers(0, 0, 0, padding)], [n, blocks * width]);
  const cut = reshapeRaw(graph, whole, [n, blocks, width]);
  const sums = graph.node("ReduceSum", [cut, graph.integers(-1)], [n, blocks], { keepdims: 0 });
  const block = firstBeyond(graph, sums, u);
  const chosen = matMulRaw(graph, reshapeRaw(graph, block.oneHot, [n, 1, blocks]), cut);
  const left = graph.node("Clip", [subRaw(graph, u, block.before), graph.scalar(0), graph.scalar(1)], [n, 1]);
  const inside = reshapeRaw(graph, chosen, [n, width]);
  const token = firstBeyond(graph, inside, left);
  return {
    index: addRaw(graph, mulRaw(graph, block.index, graph.scalar(width)), token.index),
    chance: picked(graph, token.oneHot, inside),
  };
}

/** The likeliest token of p [N, V], the first of equals. */
export function likeliestToken(graph: Graph, p: Value): Choice {
  const [n, vocabulary] = p.shape as [Dim, number];
  const rowwise = (op: string, of: Value) => graph.node(op, [of, graph.integers(-1)], [n, 1], { keepdims: 1 });
  const chance = rowwise("ReduceMax", p);
  // The largest of the negative indices is the first.
  const negated = graph.constant(
    Float32Array.from({ length: vocabulary }, (_, i) => -i),
    [1, vocabulary],
  );
  const none = graph.scalar(-vocabulary);
  const candidates = graph.node("Where", [graph.node("Equal", [p, chance], p.shape), negated, none], p.shape);
  return { index: graph.node("Neg", [rowwise("ReduceMax", candidates)], [n, 1]), chance };
}

/** Of weights ≥ 0 [N, K]: where their running sum first exceeds the target [N, 1], as index and one-hot, and the sum before it. */
function firstBeyond(graph: Graph, weights: Value, target: Value): { index: Value; oneHot: Value; before: Value } {
  const [n, k] = weights.shape as [Dim, number];
  const range = graph.constant(
    Float32Array.from({ length: k }, (_, i) => i),
    [1, k],
  );
  // triangle[i][j] = 1 where i ≤ j: equal terms in equal order, so that the running sum never falls.
  const triangle = Float32Array.from({ length: k * k }, (_, at) => Number(Math.floor(at / k) <= at % k));
  const running = matMulRaw(graph, weights, graph.constant(triangle, [k, k]));
  const [zero, one] = [graph.scalar(0), graph.scalar(1)];
  const where = (op: string, a: Value, b: Value, yes: Value, no: Value) =>
    graph.node("Where", [graph.node(op, [a, b], weights.shape), yes, no], weights.shape);
  const passed = rowSum(graph, where("LessOrEqual", running, target, one, zero));
  const possible = where("LessOrEqual", weights, zero, zero, range);
  const last = graph.node("ReduceMax", [possible, graph.integers(-1)], [n, 1], { keepdims: 1 });
  const index = graph.node("Min", [passed, last], [n, 1]);
  const oneHot = where("Equal", range, index, one, zero);
  return { index, oneHot, before: picked(graph, oneHot, subRaw(graph, running, weights)) };
}

function picked(graph: Graph, oneHot: Value, values: Value): Value {
  return rowSum(graph, mulRaw(graph, oneHot, values));
}

function rowSum(graph: Graph, a: Value): Value {
  return graph.node("ReduceSum", [a, graph.integers(-1)], [a.shape[0] as Dim, 1], { keepdims: 1 });
}
