/** A correct rollout as a demonstration for other samples: in the experiment's demonstrations file, or in the edit of one of them. */
import { InputError } from "../../../schemas/problem.ts";
import { ReplacementDemonstration } from "../../../schemas/replacement.ts";
import { Demonstration, type Sample, type ToolCall } from "../../../schemas/samples.ts";
import { follows } from "../../../server/toolcalls/check.ts";
import { sameCalls } from "../../../server/toolcalls/compare.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { isJsonObject, parseExactJson } from "../../../server/toolcalls/json.ts";
import { givesAway } from "../../../server/toolcalls/replacements.ts";
import { changedText } from "../textEdits.ts";

/** What was drawn, wherever it is known from. */
export interface DrawnRollout {
  sample: string;
  phase: "train" | "probe" | "evaluation" | "try";
  correct: boolean;
  calls: readonly ToolCall[];
  completion: string;
}

/** UTF-16 units of a thought that is taken along: a demonstration is read by a policy with a budget. */
const LONGEST_THOUGHT = 2000;

/**
 * What the sample asks and what the rollout called.
 *
 * @param row of the training samples; undefined where it is none of theirs
 * @throws InputError where it must not be shown to others
 */
export function demonstrationOf(rollout: DrawnRollout, row: Sample | undefined): ReplacementDemonstration {
  const { sample, phase, correct, calls, completion } = rollout;
  if (phase === "evaluation") {
    throw new InputError("Held-out samples stay unseen in training; promote a rollout of a training sample.");
  }
  if (!correct) throw new InputError("This rollout is not correct, so it shows nothing that is worth copying.");
  if (!row) {
    throw new InputError(`The training samples have no "${plain(sample)}"; they have changed since it was drawn.`);
  }
  const thought = calls.length === 0 ? "" : (completion.split("<tool_call>", 1)[0]?.trim() ?? "");
  const hasThought = thought !== "" && thought.length <= LONGEST_THOUGHT;
  return { query: row.query, calls: [...calls], ...(hasThought ? { thought } : {}) };
}

/**
 * The line that adds it to the text of a demonstrations file, with the line breaks that it needs before and behind.
 *
 * @throws InputError where the file has it already
 */
export function lineFor(
  text: string,
  sample: string,
  { query, calls }: ReplacementDemonstration,
): { id: string; insert: string } {
  const ids = new Set<unknown>();
  for (const [index, line] of text.split("\n").entries()) {
    const entry = entryIn(line);
    if (entry === undefined) continue;
    ids.add(entry.id);
    if (follows(Demonstration, entry) && entry.query === query && sameCalls(entry.answer, calls)) {
      const sentence = `Line ${index + 1} of the demonstrations, "${plain(entry.id)}", has this question and this answer already.`;
      throw new InputError(sentence);
    }
  }
  const id = freshId(`${sample}-rollout`, ids);
  const line = JSON.stringify({ id, query, answer: calls });
  return { id, insert: `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n` };
}

/**
 * The text of an edit with it as its last demonstration.
 *
 * @param row that the edit is of
 * @throws InputError where it would give the row's own answer away, or stands there already
 */
export function editWith(text: string, row: Sample, demonstration: ReplacementDemonstration): string {
  const { query, calls } = demonstration;
  if (givesAway({ query, answer: calls }, row)) {
    const sentence = `It has the very answer of the sample "${plain(row.id)}" that it would be shown before; choose another edit.`;
    throw new InputError(sentence);
  }
  const edit = valueIn(text);
  if (!isJsonObject(edit) || !Array.isArray(edit.demonstrations)) {
    throw new InputError("This edit shows no demonstrations; choose the action that does, then promote it again.");
  }
  const shown: unknown[] = edit.demonstrations;
  const hasIt = shown.some(
    (one) => follows(ReplacementDemonstration, one) && one.query === query && sameCalls(one.calls, calls),
  );
  if (hasIt) throw new InputError("This edit shows the same question and answer already.");
  const json = JSON.stringify(demonstration, null, 2);
  return changedText(text, [{ change: "insert", path: ["demonstrations"], at: shown.length, json }]);
}

function freshId(wish: string, taken: ReadonlySet<unknown>): string {
  let id = wish;
  for (let number = 2; taken.has(id); number++) id = `${wish}-${number}`;
  return id;
}

const entryIn = (line: string): Record<string, unknown> | undefined => {
  const value = valueIn(line);
  return isJsonObject(value) ? value : undefined;
};

/** Undefined where it is no JSON: whoever wrote it is told elsewhere. */
function valueIn(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
