/** Drawing completions: prompts are prefilled in waves, and each wave's sequences are decoded together until all have ended. */

import { uniform } from "../philox.ts";
import type { Completion, Prompt, Sampling } from "../policyEngine.ts";
import { newEntry } from "./decoderGraphs.ts";
import { type KeyValueCaches, type PrefillPolicy, prefilledCaches } from "./keyValueCaches.ts";
import { argmax, draw, drawFiltered } from "./sampling.ts";
import type { Feed, GraphSession } from "./session.ts";

export interface DecodingPolicy extends PrefillPolicy {
  step: GraphSession;
  /** A completion ends with any of these. */
  ends: ReadonlySet<number>;
  /** Sequences decoded together at most. */
  maxSequences: number;
}

/** A completion under way. */
interface Sequence {
  prompt: number;
  rollout: number;
  tokens: number[];
  logprobs: number[];
  entropies: number[];
  finished: boolean;
}

/** Once this share of a wave's sequences has ended, the rest is moved together. */
const COMPACT_BELOW = 0.7;

/** Draws n completions of each prompt; each is yielded as it ends. */
export async function* decode(
  policy: DecodingPolicy,
  prompts: readonly Prompt[],
  n: number,
  sampling: Sampling,
  signal?: AbortSignal,
): AsyncGenerator<Completion> {
  // Like lengths together, so that little of a wave is padding.
  const order = prompts.map((_, index) => index);
  order.sort((a, b) => (prompts[a] as Prompt).tokens.length - (prompts[b] as Prompt).tokens.length || a - b);
  const perWave = Math.max(1, Math.floor(policy.maxSequences / n));
  for (let start = 0; start < order.length; start += perWave) {
    yield* decodeWave(policy, prompts, order.slice(start, start + perWave), n, sampling, signal);
  }
}

async function* decodeWave(
  policy: DecodingPolicy,
  prompts: readonly Prompt[],
  members: readonly number[],
  n: number,
  sampling: Sampling,
  signal?: AbortSignal,
): AsyncGenerator<Completion> {
  signal?.throwIfAborted();
  const tokens = members.map((index) => (prompts[index] as Prompt).tokens);
  const caches = await prefilledCaches(policy, tokens, n);
  // rows[b][g]; a group with fewer live sequences than the longest one is filled up with sequences that have ended.
  let rows = members.map((prompt) =>
    Array.from(
      { length: n },
      (_, rollout): Sequence => ({ prompt, rollout, tokens: [], logprobs: [], entropies: [], finished: false }),
    ),
  );
  for (let t = 0; ; t++) {
    signal?.throwIfAborted();
    const outputs = await policy.step.run(stepFeeds(policy, prompts, rows, caches, sampling, t), caches.sizes);
    caches.append((layer, kind) => outputs.get(newEntry(layer, kind)) as Float32Array);
    const probabilities = outputs.get("probabilities") as Float32Array;
    const entropies = outputs.get("entropies") as Float32Array;
    const { vocabulary } = policy.config;
    for (const [index, sequence] of rows.flat().entries()) {
      if (sequence.finished) continue;
      const distribution = probabilities.subarray(index * vocabulary, (index + 1) * vocabulary);
      const token = choose(distribution, sampling, prompts[sequence.prompt] as Prompt, sequence.rollout, t);
      sequence.tokens.push(token);
      sequence.logprobs.push(Math.log(distribution[token] as number));
      sequence.entropies.push(entropies[index] as number);
      const ended = policy.ends.has(token);
      if (!ended && sequence.tokens.length < sampling.maxNewTokens) continue;
      sequence.finished = true;
      yield completionOf(sequence, !ended);
    }
    const live = rows.flat().filter((sequence) => !sequence.finished).length;
    if (live === 0) return;
    if (live <= COMPACT_BELOW * caches.sizes.B * caches.sizes.G) rows = compact(rows, caches);
  }
}

function stepFeeds(
  { weights, config }: DecodingPolicy,
  prompts: readonly Prompt[],
  rows: readonly (readonly Sequence[])[],
  caches: KeyValueCaches,
  sampling: Sampling,
  t: number,
): Map<string, Feed> {
  const sequences = rows.flat();
  const last = (sequence: Sequence) =>
    sequence.tokens.at(-1) ?? ((prompts[sequence.prompt] as Prompt).tokens.at(-1) as number);
  // A row that only fills up keeps within the positions that the policy knows.
  const position = ({ prompt }: Sequence) =>
    Math.min((prompts[prompt] as Prompt).tokens.length - 1 + t, config.maxPositions - 1);
  return new Map<string, Feed>([
    ...weights,
    ...caches.feeds(),
    ["ids", BigInt64Array.from(sequences, (sequence) => BigInt(last(sequence)))],
    ["positions", BigInt64Array.from(sequences, (sequence) => BigInt(position(sequence)))],
    ["inverseTemperature", Float32Array.of(sampling.temperature === 0 ? 1 : 1 / sampling.temperature)],
  ]);
}

function choose(distribution: Float32Array, sampling: Sampling, prompt: Prompt, rollout: number, t: number): number {
  if (sampling.temperature === 0) return argmax(distribution);
  const u = uniform(prompt.key, (prompt.firstRollout ?? 0) + rollout, t);
  return sampling.topK === undefined && sampling.topP === undefined
    ? draw(distribution, u)
    : drawFiltered(distribution, u, sampling);
}

function completionOf(sequence: Sequence, truncated: boolean): Completion {
  return {
    prompt: sequence.prompt,
    rollout: sequence.rollout,
    tokens: Int32Array.from(sequence.tokens),
    logprobs: Float32Array.from(sequence.logprobs),
    entropies: Float32Array.from(sequence.entropies),
    truncated,
  };
}

/** Drops groups that have ended and rows that every group can spare. */
function compact(rows: Sequence[][], caches: KeyValueCaches): Sequence[][] {
  const groups = rows.flatMap((group, b) => (group.some((sequence) => !sequence.finished) ? [b] : []));
  const alive = (b: number) => (rows[b] as Sequence[]).filter((sequence) => !sequence.finished).length;
  const width = Math.max(...groups.map(alive));
  if (groups.length === rows.length && width === rows[0]?.length) return rows;
  const kept = groups.map((b) => {
    const members = (rows[b] as Sequence[]).map((sequence, g) => ({ sequence, g }));
    members.sort((a, z) => Number(a.sequence.finished) - Number(z.sequence.finished) || a.g - z.g);
    return members.slice(0, width);
  });
  caches.keep(
    groups,
    kept.map((members) => members.map(({ g }) => g)),
  );
  return kept.map((members) => members.map(({ sequence }) => sequence));
}
