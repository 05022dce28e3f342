/** What training hands to the store, how it lies in a row, and what a page of them shows. */
import { createHash } from "node:crypto";
import type { Outcome, RolloutPhase, RolloutRow } from "../../schemas/run.ts";
import { asJson, type Row } from "./storeReader.ts";

/** One completion with what became of it. */
export interface RolloutRecord {
  /** Place of the prompt among those of the step (for evaluations and probes: of the row in its file), from 0. */
  group: number;
  /** Index within the group, from 0. */
  rollout: number;
  /** Id of the sample. */
  sample: string;
  /** The exact text the policy was given. */
  prompt: string;
  completion: string;
  /** Token ids, the end-of-sequence token included. */
  tokens: Int32Array;
  /** Log-probability of each token under the sampling policy, nats. Left out, with the tokens' own ids, where `compact`. */
  logprobs: Float32Array;
  /** Keep the number of tokens alone: evaluations and probes of whole data sets would fill the disk with the rest. */
  compact?: boolean;
  /** Mean over the tokens, nats; null where none was taken. */
  entropy: number | null;
  reward: number;
  parts: Record<string, number>;
  /** One sentence why the reward is what it is. */
  reason: string;
  correct: boolean;
  formatOk: boolean;
  truncated: boolean;
  /** Null where nothing is learnt from it. */
  advantage: number | null;
}

/** A row of the table `rollouts`, by column. */
export interface StoredRollout {
  step: number;
  phase: RolloutPhase;
  group_index: number;
  rollout: number;
  sample: string;
  prompt: string;
  reward: number;
  advantage: number | null;
  correct: number;
  format_ok: number;
  truncated: number;
  length: number;
  entropy: number | null;
  parts: string;
  reason: string;
  completion: string;
  tokens: Uint8Array | null;
  logprobs: Uint8Array | null;
}

export const rolloutColumns = [
  "step",
  "phase",
  "group_index",
  "rollout",
  "sample",
  "prompt",
  "reward",
  "advantage",
  "correct",
  "format_ok",
  "truncated",
  "length",
  "entropy",
  "parts",
  "reason",
  "completion",
  "tokens",
  "logprobs",
] as const satisfies (keyof StoredRollout)[];

const bytesOf = (values: Int32Array | Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function toStored(step: number, phase: RolloutPhase, record: RolloutRecord): StoredRollout {
  const { compact = false, tokens, logprobs } = record;
  return {
    step,
    phase,
    group_index: record.group,
    rollout: record.rollout,
    sample: record.sample,
    prompt: hashOf(record.prompt),
    reward: record.reward,
    advantage: record.advantage,
    correct: Number(record.correct),
    format_ok: Number(record.formatOk),
    truncated: Number(record.truncated),
    length: tokens.length,
    entropy: record.entropy,
    parts: JSON.stringify(record.parts),
    reason: record.reason,
    completion: record.completion,
    tokens: compact ? null : bytesOf(tokens),
    logprobs: compact ? null : bytesOf(logprobs),
  };
}

/** What a page shows of a rollout: tokens and their log-probabilities stay on the disk. */
export const pageColumns = `step, phase, group_index, rollout, sample, prompt, completion, length, truncated, entropy, reward,
  parts, reason, advantage, outcome`;

/** @param row the columns of a page */
export function toRollout(row: Row): RolloutRow {
  return {
    step: row.step as number,
    phase: row.phase as RolloutPhase,
    group: row.group_index as number,
    rollout: row.rollout as number,
    sample: row.sample as string,
    promptHash: row.prompt as string,
    completion: row.completion as string,
    length: row.length as number,
    truncated: row.truncated === 1,
    entropy: row.entropy as number | null,
    reward: row.reward as number,
    parts: asJson(row.parts),
    reason: row.reason as string,
    advantage: row.advantage as number | null,
    outcome: row.outcome as Outcome,
  };
}
