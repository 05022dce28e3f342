/** A new edit of a sample, with what the algorithm chose as its content. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { ReplacementDemonstration } from "../../../schemas/replacement.ts";
import type { RunReader } from "../../../server/store/reader.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { parseExactJson } from "../../../server/toolcalls/json.ts";
import { replacementFileName } from "../../../server/toolcalls/replacementName.ts";
import { rowHash } from "../../../server/toolcalls/rowHash.ts";
import type { Draft, HardSample } from "../messages.ts";
import { rankCandidates } from "./candidates.ts";
import type { Workbook } from "./workbook.ts";

/** Demonstrations of a draft where the algorithm has chosen none. */
const FIRST_CHOICE = 2;

/** Samples that the run finds hard, those that failed most often first. */
export function hardSamples(reader: RunReader, { samples, experiment }: Workbook): HardSample[] {
  const failed = new Map<string, number>();
  const latest = new Map<string, number>();
  for (const { sample, correct } of reader.probes()) {
    if (correct === 0) failed.set(sample, (failed.get(sample) ?? 0) + 1);
    latest.set(sample, correct);
  }
  const states = new Map(reader.sampleStates().map(({ sample, state }) => [sample, state]));
  // A baseline has no states: there, a row is hard that the latest probe found so.
  const isHard = (id: string): boolean => {
    const state = states.get(id);
    return state === undefined ? latest.get(id) === 0 : /^(hard|edited|excluded)/.test(state);
  };
  return [...samples.values()]
    .filter(({ id }) => isHard(id))
    .map(({ id, query, answer }) => ({
      id,
      query,
      state: states.get(id) ?? "hard",
      tools: [...new Set(answer.map(({ name }) => name))],
      failed: failed.get(id) ?? 0,
      edited: existsSync(join(experiment.replacements, replacementFileName(id))),
    }))
    .sort((a, b) => b.failed - a.failed || (a.id < b.id ? -1 : 1));
}

/**
 * What the algorithm showed last for the sample, else the best of the pool.
 *
 * @throws InputError where there is no such sample
 */
export function draftOf(reader: RunReader | undefined, workbook: Workbook, id: string): Draft {
  const row = workbook.samples.get(id);
  if (!row) {
    throw new InputError(`The training samples have no "${plain(id)}"; they have changed since the run read them.`, {
      file: workbook.experiment.train,
    });
  }
  const chosen = reader
    ?.latestFewShots(id)
    ?.map(({ query, answer }): ReplacementDemonstration => ({ query, calls: answer }));
  const pool = [...workbook.samples.values(), ...workbook.demonstrations];
  const demonstrations =
    chosen?.map((one) => JSON.stringify(one)) ??
    rankCandidates(row, pool, new Set(), "")
      .candidates.slice(0, FIRST_CHOICE)
      .map(({ json }) => json);
  const edit = {
    sample: id,
    row: rowHash(row),
    original: row,
    action: "fewshot",
    // Without probes between rounds nobody would find out that the row is hard no longer, and a run refuses the edit.
    scope: workbook.experiment.settings.curriculum.mode === "none" ? "always" : "whileHard",
    demonstrations: demonstrations.map(parseExactJson),
  };
  const file = join(workbook.experiment.replacements, replacementFileName(id));
  return { file, text: `${JSON.stringify(edit, null, 2)}\n`, exists: existsSync(file) };
}
