/** One group with all its texts, as plain data for the view. */

import type {
  CompletionDetail,
  GroupDetail,
  GroupKey,
  GroupRow,
  TextPart,
  ViewParams,
} from "../../../schemas/rolloutView.ts";
import type { RolloutRow, RunRecord } from "../../../schemas/run.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { RunReader } from "../../../server/store/reader.ts";
import { callDifferences } from "../../../server/toolcalls/callDifferences.ts";
import { plain, showValue } from "../../../server/toolcalls/display.ts";
import { type PartReasons, partReasons } from "../../../server/toolcalls/rewards/partReasons.ts";
import { writtenCalls } from "../../../server/toolcalls/rewards/writtenCalls.ts";
import type { Dataset } from "../../stores/dataset.ts";
import { textPart } from "../../views/textPart.ts";
import { type DrawnSample, drawnSample } from "./drawnSample.ts";
import { promptMarks } from "./promptMarks.ts";
import type { RunFacts } from "./runFacts.ts";

/** UTF-16 code units of a text that are sent at first, and with every wish for more. */
const firstOfPrompt = 20_000;
const firstOfCompletion = 4_000;
const moreOfText = 50_000;
const mostCompletions = 256;

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

function toDetail(row: RolloutRow, { sample }: DrawnSample, facts: RunFacts, logprobs: boolean): CompletionDetail {
  const settings = facts.record?.experiment.settings;
  const why = sample && settings ? reasonsOf(row, sample, facts, settings) : {};
  return {
    rollout: row.rollout,
    mark: markOf(row),
    outcome: row.outcome,
    truncated: row.truncated,
    length: row.length,
    entropy: row.entropy,
    reward: row.reward,
    parts: Object.entries(row.parts).map(([name, value]) => ({ name, value, why: why[name] ?? null })),
    reason: plain(row.reason, 600),
    advantage: row.advantage,
    completion: textPart(row.completion, 0, firstOfCompletion),
    logprobs,
    calls:
      sample && settings
        ? callDifferences(sample.answer, writtenCalls(row.completion, settings.reward, settings.rewards))
        : null,
  };
}

function reasonsOf(
  { completion, parts, step }: RolloutRow,
  sample: Sample,
  { model }: RunFacts,
  { reward, rewards }: RunRecord["experiment"]["settings"],
): PartReasons {
  const context = { step, tools: model?.tools ?? new Map() };
  return partReasons(completion, sample, { reward, settings: rewards, context, parts });
}

/** Undefined where the group is no longer in the store. */
export function groupDetail(facts: RunFacts, group: StoredGroup, row: GroupRow): GroupDetail | undefined {
  const { store, dataset, model } = facts;
  const rollouts = rolloutsOf(store.rollouts, group);
  const [first] = rollouts;
  if (!first) return undefined;
  const drawn = drawnSample(facts, group);
  const { sample, draw, edit, corrected } = drawn;
  const prompt = store.rollouts.prompt(first.promptHash) ?? "";
  const logprobs = store.rollouts.tokens(first) !== undefined;
  return {
    row,
    query: sample?.query ?? null,
    prompt: textPart(prompt, 0, firstOfPrompt),
    ...promptMarks(prompt, drawn, model),
    round: draw?.round ?? null,
    edit: edit ? { file: plain(edit.file, 200), time: edit.time } : null,
    gold: sample
      ? { calls: sample.answer.map((call) => `${plain(call.name, 64)} ${showValue(call.arguments, 4000)}`), corrected }
      : { problem: whyNoGold(dataset, row) },
    completions: rollouts.map((rollout) => toDetail(rollout, drawn, facts, logprobs)),
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
