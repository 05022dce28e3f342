/** From losses of tokens to the loss of a mini-batch: every normalizer as one weight for each token. */
import type { Settings } from "../../../schemas/experiment.ts";

/**
 * Weights w with loss = Σ_i Σ_t w_it · loss_it over a whole mini-batch, so that cutting it into micro-batches changes
 * rounding alone.
 * - token-mean (DAPO): 1 / all learnt tokens.
 * - sequence-mean (GRPO as first published): 1 / (learnt completions · tokens of this one).
 * - constant (Dr. GRPO): 1 / (all completions · maxLength); masked completions stay in the divisor, which is constant.
 * @param lengths tokens of each completion of the mini-batch, the end-of-sequence token included
 * @param masked completions that are not learnt: their weights are 0
 * @param maxLength most tokens of a completion, ≥ 1; used by constant only
 * @returns one array for each completion, of its length; all zeros where nothing is learnt
 */
export function tokenWeights(
  lengths: readonly number[],
  masked: readonly boolean[],
  aggregation: Settings["objective"]["aggregation"],
  maxLength: number,
): Float32Array[] {
  if (masked.length !== lengths.length) {
    throw new Error(`There are ${lengths.length} completions but ${masked.length} masks.`);
  }
  const learnt = lengths.filter((length, index) => !masked[index] && length > 0);
  const weightOf = weightFor(aggregation, learnt, lengths.length * maxLength);
  return lengths.map((length, index) => new Float32Array(length).fill(masked[index] ? 0 : weightOf(length)));
}

function weightFor(
  aggregation: Settings["objective"]["aggregation"],
  learnt: readonly number[],
  constantDivisor: number,
): (length: number) => number {
  switch (aggregation) {
    case "token-mean": {
      const tokens = learnt.reduce((sum, length) => sum + length, 0);
      return () => 1 / tokens;
    }
    case "sequence-mean":
      return (length) => 1 / (learnt.length * length);
    case "constant":
      return () => 1 / constantDivisor;
  }
}
