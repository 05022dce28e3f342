/**
 * Dropout whose mask is a function of its place, made where it is used. A mask drawn on the host would be as large as
 * everything that goes through the network; the device's own random operators keep a state, which no resume restores.
 *
 * Element (i, j) is kept or dropped by h = Σₖ R[i, k]·C[k, j] mod p, where R has K random residues for each row, C for each
 * column, and p is prime. h is uniform. The elements of any K rows whose residues are linearly independent, as random
 * ones are, are independent of one another over all columns. All numbers are integers that float32 holds exactly, so the
 * mask does not depend on threads or the order of additions.
 */
import type { Graph, Value } from "../graph/graph.ts";
import { mul, mulRaw, subRaw } from "./elementwise.ts";
import { matMulRaw } from "./linear.ts";

/** K, as large as K·(p − 1)² < 2²⁴ lets it be. */
export const DROPOUT_FACTORS = 16;
/** p: how finely a share can be kept. */
export const DROPOUT_PRIME = 1021;

/** Residues, of the p there are, with which an element is kept. */
export function keptResidues(dropout: number): number {
  return Math.round((1 - dropout) * DROPOUT_PRIME);
}

/** x [N, n] with a share of its elements 0 and the others scaled up, so that its expectation stays. R is [N, K], C [K, n]. */
export function dropout(graph: Graph, x: Value, rows: Value, columns: Value, share: number): Value {
  const kept = keptResidues(share);
  const sums = matMulRaw(graph, rows, columns);
  const prime = graph.scalar(DROPOUT_PRIME);
  const quotients = graph.node("Floor", [graph.node("Div", [sums, prime], sums.shape)], sums.shape);
  const residues = subRaw(graph, sums, mulRaw(graph, quotients, prime));
  // Half a step below the border, where a division that is not rounded correctly does no harm.
  const isKept = graph.node("LessOrEqual", [residues, graph.scalar(kept - 0.5)], sums.shape);
  const mask = graph.node("Where", [isKept, graph.scalar(DROPOUT_PRIME / kept), graph.scalar(0)], sums.shape);
  return mul(graph, x, mask);
}
