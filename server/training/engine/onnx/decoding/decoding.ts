/** Drawing completions: prompts are prefilled in waves, and each wave's sequences are decoded together until all have ended. */

import { uniform } from "../../philox.ts";
import type { Completion, Prompt, Sampling } from "../../policyEngine.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Seen, Wave } from "./wave.ts";

export interface DecodingPolicy {
  config: ModelConfig;
  /** Prefills prompts for n completions of each. */
  begin(prompts: readonly Int32Array[], n: number, sampling: Sampling): Promise<Wave>;
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
  const wave = await policy.begin(tokens, n, sampling);
  try {
    // rows[b][g]; a group with fewer live sequences than the longest one is filled up with sequences that have ended.
    let rows = members.map((prompt) =>
      Array.from(
        { length: n },
        (_, rollout): Sequence => ({ prompt, rollout, tokens: [], logprobs: [], entropies: [], finished: false }),
      ),
    );
    for (let t = 0; ; t++) {
      signal?.throwIfAborted();
      const drawn = await wave.step(rows.flat().map((sequence) => seenBy(sequence, policy, prompts, t)));
      for (const [index, sequence] of rows.flat().entries()) {
        if (sequence.finished) continue;
        const token = drawn.tokens[index] as number;
        sequence.tokens.push(token);
        sequence.logprobs.push(drawn.logprobs[index] as number);
        sequence.entropies.push(drawn.entropies[index] as number);
        const ended = policy.ends.has(token);
        if (!ended && sequence.tokens.length < sampling.maxNewTokens) continue;
        sequence.finished = true;
        yield completionOf(sequence, !ended);
      }
      const live = rows.flat().filter((sequence) => !sequence.finished).length;
      if (live === 0) return;
      if (live <= COMPACT_BELOW * rows.flat().length) rows = await compact(rows, wave);
    }
  } finally {
    wave.dispose();
  }
}

/** The last token of a sequence after t steps. A row that only fills up keeps within the positions that the policy knows. */
function seenBy(sequence: Sequence, { config }: DecodingPolicy, prompts: readonly Prompt[], t: number): Seen {
  const { tokens, key, firstRollout } = prompts[sequence.prompt] as Prompt;
  return {
    token: (sequence.tokens.at(-1) ?? tokens.at(-1)) as number,
    position: Math.min(tokens.length - 1 + t, config.maxPositions - 1),
    u: sequence.finished ? undefined : uniform(key, (firstRollout ?? 0) + sequence.rollout, t),
  };
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
async function compact(rows: Sequence[][], wave: Wave): Promise<Sequence[][]> {
  const groups = rows.flatMap((group, b) => (group.some((sequence) => !sequence.finished) ? [b] : []));
  const alive = (b: number) => (rows[b] as Sequence[]).filter((sequence) => !sequence.finished).length;
  const width = Math.max(...groups.map(alive));
  if (groups.length === rows.length && width === rows[0]?.length) return rows;
  const kept = groups.map((b) => {
    const members = (rows[b] as Sequence[]).map((sequence, g) => ({ sequence, g }));
    members.sort((a, z) => Number(a.sequence.finished) - Number(z.sequence.finished) || a.g - z.g);
    return members.slice(0, width);
  });
  await wave.keep(
    groups,
    kept.map((members) => members.map(({ g }) => g)),
  );
  return kept.map((members) => members.map(({ sequence }) => sequence));
}
