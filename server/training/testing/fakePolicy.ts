/**
 * A policy small enough to work out by hand: the next token depends on the token before it alone, through a table of
 * logits. Sampling, log-probabilities and gradients are those of any policy; only the network is missing.
 */
import type { Completion, LearningSignal, Prompt, Sampling, ValueSignal } from "../engine/policyEngine.ts";
import type { Objective, PpoObjective } from "../objectives/objective.ts";
import { uniform } from "./uniform.ts";

export interface FakeConfig {
  /** V. */
  vocab_size: number;
  eos_token_id: number;
  /** Tokens from here on (and the end of the sequence) are likely at first, all others nearly impossible. */
  likely_from: number;
  /**
   * Tokens that stand for a query after its demonstrations: the policy goes on from one as from the query, only that the
   * call of the query is likelier. Hint i is of query i, whose call is call i.
   */
  hints?: { first: number; queries: number; calls: number; count: number; boost: number };
  /** Time every completion and every update takes, milliseconds, so that a test can come in between. */
  delay_ms?: number;
  /** Time an update holds the engine's thread, milliseconds, as a computing runtime does. */
  block_ms?: number;
}

const UNLIKELY = -8;

/** V × V logits, row = the token before. Slightly uneven, so that greedy decoding has no ties. */
export function initialLogits({ vocab_size: v, eos_token_id, likely_from }: FakeConfig): Float32Array {
  return Float32Array.from({ length: v * v }, (_, cell) => {
    const [before, token] = [Math.floor(cell / v), cell % v];
    const likely = token >= likely_from || token === eos_token_id;
    return (likely ? 0 : UNLIKELY) + ((before * 31 + token * 17) % 101) / 1000;
  });
}

/** The token whose row of logits the policy goes on from, and the token that a hint makes likelier. */
export function sourceOf({ hints }: FakeConfig, before: number): { row: number; boosted?: number } {
  const hint = hints ? before - hints.first : -1;
  if (!hints || hint < 0 || hint >= hints.count) return { row: before };
  return { row: hints.queries + hint, boosted: hints.calls + hint };
}

/** What comes after a token; arrays of V. */
export interface Distribution {
  logprobs: Float64Array;
  probabilities: Float64Array;
  /** Probability of a token or one with a smaller id. */
  cumulative: Float64Array;
  /** In nats. */
  entropy: number;
}

/** The distributions of one table of logits / temperature. Each is worked out once: tests ask for the same ones thousands of times. */
export class Distributions {
  readonly #logits: Float32Array;
  readonly #config: FakeConfig;
  readonly #temperature: number;
  readonly #known = new Map<number, Distribution>();

  constructor(logits: Float32Array, config: FakeConfig, temperature: number) {
    this.#logits = logits;
    this.#config = config;
    this.#temperature = temperature;
  }

  after(before: number): Distribution {
    const known = this.#known.get(before) ?? softmax(this.#scaled(before));
    this.#known.set(before, known);
    return known;
  }

  #scaled(before: number): Float64Array {
    const { vocab_size: v, hints } = this.#config;
    const { row, boosted } = sourceOf(this.#config, before);
    const scaled = Float64Array.from(this.#logits.subarray(row * v, (row + 1) * v));
    if (boosted !== undefined) scaled[boosted] = (scaled[boosted] as number) + (hints?.boost ?? 0);
    for (let token = 0; token < v; token++) scaled[token] = (scaled[token] as number) / this.#temperature;
    return scaled;
  }
}

/** In plain loops: with callbacks this took half of the time of whole test files. */
function softmax(logits: Float64Array): Distribution {
  const v = logits.length;
  let top = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < v; token++) top = Math.max(top, logits[token] as number);
  let sum = 0;
  for (let token = 0; token < v; token++) sum += Math.exp((logits[token] as number) - top);
  const [logprobs, probabilities, cumulative] = [0, 1, 2].map(() => new Float64Array(v)) as Table;
  let below = 0;
  let entropy = 0;
  for (let token = 0; token < v; token++) {
    const logprob = (logits[token] as number) - top - Math.log(sum);
    const probability = Math.exp(logprob);
    logprobs[token] = logprob;
    probabilities[token] = probability;
    cumulative[token] = below += probability;
    entropy -= probability * logprob;
  }
  return { logprobs, probabilities, cumulative, entropy };
}

type Table = [Float64Array, Float64Array, Float64Array];

function likeliest({ logprobs }: Distribution): number {
  let best = 0;
  for (let token = 1; token < logprobs.length; token++)
    if ((logprobs[token] as number) > (logprobs[best] as number)) best = token;
  return best;
}

/** The token whose share of [0, 1) holds u. */
function drawn(distribution: Distribution, u: number): number {
  const token = distribution.cumulative.findIndex((share) => u < share);
  return token >= 0 ? token : likeliest(distribution); // rounding left a sliver at the end
}

export function drawCompletion(
  distributions: Distributions,
  eos: number,
  { tokens: prompt, key, firstRollout = 0 }: Prompt,
  index: { prompt: number; rollout: number },
  sampling: Sampling,
): Completion {
  const tokens: number[] = [];
  const logprobs: number[] = [];
  const entropies: number[] = [];
  let before = prompt.at(-1) as number;
  while (tokens.length < sampling.maxNewTokens && tokens.at(-1) !== eos) {
    const distribution = distributions.after(before);
    const token =
      sampling.temperature > 0
        ? drawn(distribution, uniform(key.seed, key.step, key.sample, firstRollout + index.rollout, tokens.length))
        : likeliest(distribution);
    tokens.push(token);
    logprobs.push(distribution.logprobs[token] as number);
    entropies.push(distribution.entropy);
    before = token;
  }
  return {
    ...index,
    tokens: Int32Array.from(tokens),
    logprobs: Float32Array.from(logprobs),
    entropies: Float32Array.from(entropies),
    truncated: tokens.at(-1) !== eos,
  };
}

/** A token's weighted value loss, and the derivative of its part in the whole loss with respect to the value. */
export function valueLoss(
  { valueClip = Number.POSITIVE_INFINITY, valueCoefficient }: PpoObjective,
  { old, targets, weights }: ValueSignal,
  position: number,
  value: number,
): { loss: number; slope: number } {
  const [before, target] = [old[position] as number, targets[position] as number];
  const limited = before + Math.min(Math.max(value - before, -valueClip), valueClip);
  const weight = weights[position] as number;
  const loss = (weight / 2) * Math.max((value - target) ** 2, (limited - target) ** 2);
  const free = (value - target) ** 2 >= (limited - target) ** 2;
  return { loss, slope: free ? valueCoefficient * weight * (value - target) : 0 };
}

/** Loss of one token and its derivative with respect to the token's log-probability. */
export function tokenLoss(
  objective: Objective,
  signal: LearningSignal,
  position: number,
  logprob: number,
): [number, number] {
  const weight = signal.weights[position] as number;
  if (objective.kind === "supervised") return [-weight * logprob, -weight];
  const { advantage } = signal;
  const ratio = Math.exp(logprob - (signal.oldLogprobs?.[position] as number));
  const clipped = Math.min(Math.max(ratio, 1 - objective.clipLow), 1 + objective.clipHigh);
  let loss = -Math.min(ratio * advantage, clipped * advantage);
  let slope = ratio * advantage <= clipped * advantage ? -ratio * advantage : 0;
  if (objective.importanceCap !== undefined) {
    const [old, sampler] = [signal.oldLogprobs?.[position], signal.samplerLogprobs?.[position]];
    const importance = Math.min(Math.exp((old as number) - (sampler as number)), objective.importanceCap);
    loss *= importance;
    slope *= importance;
  }
  if (objective.beta > 0) {
    const d = (signal.refLogprobs?.[position] as number) - logprob; // k3 only
    loss += objective.beta * (Math.exp(d) - d - 1);
    slope += objective.beta * (1 - Math.exp(d));
  }
  return [weight * loss, weight * slope];
}
