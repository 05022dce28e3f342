/** One group with all its texts, as plain data for the view. */
import type {
  CompletionDetail,
  GroupDetail,
  GroupKey,
  GroupRow,
  TextPart,
  ViewParams,
} from "../../../schemas/rolloutView.ts";
import type { RolloutRow } from "../../../schemas/run.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { RunReader } from "../../../server/store/reader.ts";
import { callDifferences } from "../../../server/toolcalls/callDifferences.ts";
import { parseCompletion } from "../../../server/toolcalls/completion.ts";
import { plain, showValue } from "../../../server/toolcalls/display.ts";
import type { Dataset } from "./dataset.ts";

/** UTF-16 code units of a text that are sent at first, and with every wish for more. */
const firstOfPrompt = 20_000;
const firstOfCompletion = 4_000;
const moreOfText = 50_000;
const mostCompletions = 256;

/** From `from` on; never between the halves of a surrogate pair. */
export function textPart(text: string, from: number, length: number): TextPart {
  const end = Math.min(text.length, from + length);
  const code = text.charCodeAt(end - 1);
  const split = end < text.length && end - 1 > from && code >= 0xd800 && code <= 0xdbff;
  return { from, text: text.slice(from, split ? end - 1 : end), total: text.length };
}

/** Rollouts of a group, in order. */
function rolloutsOf(reader: RunReader, { step, phase, group }: GroupKey): RolloutRow[] {
  const { rows } = reader.rollouts({
    step,
    phase,
    after: { step, phase, group, rollout: -1 },
    limit: mostCompletions,
  });
  return rows.filter((row) => row.group === group);
}

function markOf({ outcome, truncated }: RolloutRow): CompletionDetail["mark"] {
  if (outcome === "correct") return "c";
  if (truncated) return "t";
  return outcome === "wrong" ? "w" : "m";
}

function toDetail(row: RolloutRow, sample: Sample | undefined): CompletionDetail {
  return {
    rollout: row.rollout,
    mark: markOf(row),
    outcome: row.outcome,
    truncated: row.truncated,
    length: row.length,
    entropy: row.entropy,
    reward: row.reward,
    parts: Object.entries(row.parts).map(([name, value]) => ({ name, value })),
    reason: plain(row.reason, 600),
    advantage: row.advantage,
    completion: textPart(row.completion, 0, firstOfCompletion),
    calls: sample ? callDifferences(sample.answer, parseCompletion(row.completion).calls) : null,
  };
}

/** Undefined where the group is no longer in the store. */
export function groupDetail(reader: RunReader, dataset: Dataset | undefined, row: GroupRow): GroupDetail | undefined {
  const rollouts = rolloutsOf(reader, row);
  const [first] = rollouts;
  if (!first) return undefined;
  const sample = dataset?.sample(row.phase, row.sample);
  return {
    row,
    query: sample?.query ?? null,
    prompt: textPart(reader.prompt(first.promptHash) ?? "", 0, firstOfPrompt),
    gold: sample
      ? { calls: sample.answer.map((call) => `${plain(call.name, 64)} ${showValue(call.arguments, 4000)}`) }
      : { problem: whyNoGold(dataset, row) },
    completions: rollouts.map((rollout) => toDetail(rollout, sample)),
  };
}

function whyNoGold(dataset: Dataset | undefined, { phase, sample }: GroupRow): string {
  if (!dataset) return "The record of the run cannot be read, so the gold calls are not known.";
  const samples = dataset.of(phase);
  if ("problem" in samples) return samples.problem;
  return `The samples hold no row "${plain(sample)}", so its gold calls are not known.`;
}

/** More of a text; undefined where it is no longer in the store. */
export function moreText(reader: RunReader, { key, rollout, from }: ViewParams<"text">): TextPart | undefined {
  const rollouts = rolloutsOf(reader, key);
  const row = rollout === null ? rollouts[0] : rollouts.find((candidate) => candidate.rollout === rollout);
  const text = rollout === null ? row && reader.prompt(row.promptHash) : row?.completion;
  return text === undefined || from > text.length ? undefined : textPart(text, from, moreOfText);
}
