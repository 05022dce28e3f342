/**
 * Log-probabilities and entropies from the last hidden states, the vocabulary gone through in chunks: logits are made for
 * one chunk at a time and made again in the backward pass, so that nothing of size [tokens, V] exists.
 */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { addRaw, mulRaw, subRaw } from "./elementwise.ts";
import { product } from "./linear.ts";
import { after } from "./order.ts";

/**
 * Logits of one chunk. Some four tensors of that size are alive at once; smaller ones save little beside the head's own
 * gradient (bench/results/memory.md). WebGPU promises bindings of 128 MiB.
 */
const CHUNK_BYTES = 2 ** 25;
/** Narrower products no longer run at the device's rate. */
const LEAST_COLUMNS = 2048;

/** Columns of a chunk for that many completion rows; chunks are as equal as may be, and V where one is enough. */
export function chunkColumns(vocabulary: number, rows: number): number {
  const most = Math.max(LEAST_COLUMNS, Math.floor(CHUNK_BYTES / (Float32Array.BYTES_PER_ELEMENT * rows)));
  return Math.ceil(vocabulary / Math.ceil(vocabulary / most));
}

export interface Scores {
  /** log p(id) of each row: [N, 1]. */
  logprob: Value;
  /** H of each row, where it was asked for: [N, 1]. */
  entropy?: Value;
}

/** Rows [start, start + size) of the head. */
interface Chunk {
  start: number;
  size: number;
}

/**
 * log p(id) and H of softmax(x·Wᵀ) with states x [N, h], head W [V, h] and ids [N, 1], `columns` rows of W at a time.
 *
 * Forward, over chunks z = x·W_cᵀ, the sums taken over to each new maximum m' as in online softmax (Milakov and
 * Gimelshein, "Online normalizer calculation for softmax", algorithm 3), with δ = m − m':
 *
 *     s' = e^δ·s + Σ_v e^(z_v − m');   u' = e^δ·(u + δ·s) + Σ_v e^(z_v − m')·(z_v − m')
 *     lse = m + log s;   log p(id) = (z_id − m) − log s;   H = lse − Σ_v p_v·z_v = log s − u/s
 *
 * Backward, over chunks again, with p = e^(z − lse): ∂log p(id)/∂z = onehot(id) − p, and from
 * ∂H/∂z = p − p − p∘(z − Σ_v p_v·z_v), in which Σ_v p_v·z_v = lse − H,
 *
 *     dz = g_logp ∘ (onehot(id) − p) − g_H ∘ p ∘ (z − lse + H);   dx = Σ_c dz_c·W_c;   dW_c = dz_cᵀ·x
 */
export function vocabularyScores(
  graph: Graph,
  { states, head, ids }: { states: Value; head: Value; ids: Value },
  columns: number,
  withEntropy: boolean,
): Scores {
  const chunks = chunksOf(head.shape[0] as number, columns);
  let sums: Sums | undefined;
  for (const chunk of chunks) sums = absorbed(graph, { states, head, ids }, chunk, sums, withEntropy);
  const { most, sum, centeredSum, chosen } = sums as Sums;
  const logSum = graph.node("Log", [sum], sum.shape);
  const lse = addRaw(graph, most, logSum);
  const logprob = subRaw(graph, subRaw(graph, chosen, most), logSum);
  const entropy =
    centeredSum && subRaw(graph, logSum, mulRaw(graph, centeredSum, graph.node("Reciprocal", [sum], sum.shape)));
  const outputs = entropy ? [logprob, entropy] : [logprob];
  graph.recordAll(outputs, [states, head], ([gLogprob, gEntropy], [wantStates, wantHead]) => {
    const gradient = { lse, gLogprob, gEntropy, entropy };
    let dStates: Value | undefined;
    const dHead: Value[] = [];
    // A chunk's logits are not made before those of the one before are done with.
    let done = [gLogprob, gEntropy].filter((g) => g !== undefined);
    for (const chunk of chunks) {
      const part = rowsOf(graph, head, chunk, "again");
      const z = product(graph, after(graph, states, ...done), part, false, true);
      const dz = logitGradient(graph, z, located(graph, ids, chunk), gradient);
      if (wantStates) dStates = product(graph, dz, part, false, false, dStates);
      if (wantHead) dHead.push(product(graph, dz, states, true, false));
      done = [dStates, dHead.at(-1)].filter((value) => value !== undefined);
    }
    // The layers below wait for the last chunk's logits to be done with.
    return [
      dStates && after(graph, dStates, ...done),
      wantHead ? graph.node("Concat", dHead, head.shape, { axis: 0 }) : undefined,
    ];
  });
  return { logprob, ...(entropy ? { entropy } : {}) };
}

function chunksOf(vocabulary: number, columns: number): Chunk[] {
  return Array.from({ length: Math.ceil(vocabulary / columns) }, (_, index) => {
    const start = index * columns;
    return { start, size: Math.min(columns, vocabulary - start) };
  });
}

/**
 * A copy of the chunk's rows of the head. The second pass has copies of its own: the step that it gives, which changes
 * nothing, keeps the runtime from merging them with those of the first and keeping the whole head in between.
 */
function rowsOf(graph: Graph, head: Value, { start, size }: Chunk, pass: "first" | "again"): Value {
  const bounds = [graph.integers(start), graph.integers(start + size), graph.integers(0)];
  const step = pass === "again" ? [graph.integers(1)] : [];
  return graph.node("Slice", [head, ...bounds, ...step], [size, head.shape[1] as Dim]);
}

/** What is known of the distribution after some chunks: [N, 1] each. */
interface Sums {
  /** m. */
  most: Value;
  /** s. */
  sum: Value;
  /** u, for the entropy. */
  centeredSum?: Value;
  /** z_id, once its chunk has come. */
  chosen: Value;
}

function absorbed(
  graph: Graph,
  { states, head, ids }: { states: Value; head: Value; ids: Value },
  chunk: Chunk,
  before: Sums | undefined,
  withEntropy: boolean,
): Sums {
  const part = rowsOf(graph, head, chunk, "first");
  const done = before ? [before.sum, before.chosen, ...(before.centeredSum ? [before.centeredSum] : [])] : [];
  const z = product(graph, before ? after(graph, states, ...done) : states, part, false, true);
  const rows = [z.shape[0] as Dim, 1];
  const reduce = (op: string, a: Value) => graph.node(op, [a, graph.integers(-1)], rows, { keepdims: 1 });

  const { inside, column } = located(graph, ids, chunk);
  const gathered = graph.node("GatherElements", [z, column], rows, { axis: 1 });
  const chosen = before ? graph.node("Where", [inside, gathered, before.chosen], rows) : gathered;
  const ownMost = reduce("ReduceMax", z);
  const most = before ? larger(graph, before.most, ownMost) : ownMost;
  const centered = subRaw(graph, z, most);
  const e = graph.node("Exp", [centered], z.shape);
  const sum = reduce("ReduceSum", e);
  const centeredSum = withEntropy ? reduce("ReduceSum", mulRaw(graph, e, centered)) : undefined;
  if (before === undefined) return { most, sum, chosen, ...(centeredSum ? { centeredSum } : {}) };

  const delta = subRaw(graph, before.most, most);
  const shrink = graph.node("Exp", [delta], rows);
  const total = addRaw(graph, mulRaw(graph, before.sum, shrink), sum);
  if (centeredSum === undefined || before.centeredSum === undefined) return { most, sum: total, chosen };
  const recentered = addRaw(graph, before.centeredSum, mulRaw(graph, delta, before.sum));
  return { most, sum: total, chosen, centeredSum: addRaw(graph, mulRaw(graph, recentered, shrink), centeredSum) };
}

function larger(graph: Graph, a: Value, b: Value): Value {
  return graph.node("Where", [graph.node("LessOrEqual", [a, b], a.shape), b, a], a.shape);
}

/** Whether each id lies in the chunk, and its column there (any column where it does not): [N, 1] both. */
function located(graph: Graph, ids: Value, { start, size }: Chunk): { inside: Value; column: Value } {
  const shifted = graph.node("Sub", [ids, graph.integers(start)], ids.shape);
  const column = graph.node("Clip", [shifted, graph.integer(0), graph.integer(size - 1)], ids.shape);
  return { inside: graph.node("Equal", [shifted, column], ids.shape), column };
}

/** dz of one chunk, from its logits. */
function logitGradient(
  graph: Graph,
  z: Value,
  { inside, column }: { inside: Value; column: Value },
  from: { lse: Value; gLogprob: Value | undefined; gEntropy: Value | undefined; entropy: Value | undefined },
): Value {
  const { lse, gLogprob, gEntropy, entropy } = from;
  const negative = (g: Value) => graph.node("Neg", [g], g.shape);
  const shifted = subRaw(graph, z, lse);
  const p = graph.node("Exp", [shifted], z.shape);
  // What p is multiplied with: −g_logp − g_H∘(z − lse + H).
  let factor = gLogprob && negative(gLogprob);
  if (gEntropy && entropy) {
    const ofRow = negative(mulRaw(graph, gEntropy, entropy));
    const offset = factor ? addRaw(graph, factor, ofRow) : ofRow;
    factor = addRaw(graph, mulRaw(graph, shifted, negative(gEntropy)), offset);
  }
  const spread = mulRaw(graph, p, factor as Value);
  if (gLogprob === undefined) return spread;
  // Each row is written once, so nothing is added twice to one cell.
  const atId = graph.node("Where", [inside, gLogprob, graph.scalar(0)], gLogprob.shape);
  return graph.node("ScatterElements", [spread, column, atId], z.shape, { axis: 1, reduction: "add" });
}
