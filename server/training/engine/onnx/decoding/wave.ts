/** Groups of completions that are decoded together, wherever their keys and values live: B prompts, G sequences of each. */

import type { Lora } from "../../lora.ts";
import type { Sampling } from "../../policyEngine.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { argmax, draw, drawFiltered } from "./sampling.ts";

/** What the graphs of sampling are built of. */
export interface Network {
  config: ModelConfig;
  /** Adapters that are added to its weights. */
  lora: Lora | undefined;
}

/** What a row reads in one step. */
export interface Seen {
  token: number;
  position: number;
  /** Its next token is drawn with this number in [0, 1); undefined where nobody asks for one. */
  u: number | undefined;
}

/** What a step says of each row; of one that drew nothing, anything. */
export interface Drawn {
  tokens: ArrayLike<number>;
  /** Nats, temperature applied. */
  logprobs: ArrayLike<number>;
  /** Of the distributions that the tokens were drawn from. */
  entropies: ArrayLike<number>;
}

export interface Wave {
  /** One token of each row, B·G rows group by group. */
  step(rows: readonly Seen[]): Promise<Drawn>;
  /** Keeps the groups, and of the i-th kept group the sequences columns[i]; all of one width. */
  keep(groups: readonly number[], columns: readonly (readonly number[])[]): Promise<void>;
  dispose(): void;
}

/** Greedy sampling, temperature 0, has its log-probabilities at temperature 1. */
export const inverseTemperature = (temperature: number) => Float32Array.of(temperature === 0 ? 1 : 1 / temperature);

/** Rows that are prefilled at once, if a single prompt has no more. */
export const PREFILL_ROWS = 4096;

/** Prompts that are prefilled at once: a memory matter only. Lengths include padding. */
export function* prefillParts<T>(prompts: readonly T[], length: number): Generator<T[]> {
  const atOnce = Math.max(1, Math.floor(PREFILL_ROWS / length));
  for (let start = 0; start < prompts.length; start += atOnce) yield prompts.slice(start, start + atOnce);
}

/** Draws on the host, from distributions [N, V]. */
export function drawnFrom(
  probabilities: Float32Array,
  entropies: Float32Array,
  rows: readonly Seen[],
  sampling: Sampling,
): Drawn {
  const vocabulary = probabilities.length / rows.length;
  const [tokens, logprobs] = [new Array<number>(rows.length).fill(0), new Array<number>(rows.length).fill(0)];
  for (const [index, { u }] of rows.entries()) {
    if (u === undefined) continue;
    const distribution = probabilities.subarray(index * vocabulary, (index + 1) * vocabulary);
    const token = choose(distribution, u, sampling);
    tokens[index] = token;
    logprobs[index] = Math.log(distribution[token] as number);
  }
  return { tokens, logprobs, entropies };
}

function choose(distribution: Float32Array, u: number, sampling: Sampling): number {
  if (sampling.temperature === 0) return argmax(distribution);
  return isFiltered(sampling) ? drawFiltered(distribution, u, sampling) : draw(distribution, u);
}

/** Whether less than the whole distribution may be drawn from. */
export const isFiltered = ({ topK, topP }: Sampling) => topK !== undefined || topP !== undefined;
