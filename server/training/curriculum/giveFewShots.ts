/** Few-shots for the rows of a round: picked at random, or picked anew until the policy answers with them (ToolExpander §3.1, Table 4). */
import { setImmediate as turn } from "node:timers/promises";
import type { Run } from "../context.ts";
import { seedFor } from "../draw.ts";
import type { Row } from "../rows.ts";
import { pieces } from "../sampling.ts";
import { attemptRows, isSolved } from "./attempts.ts";
import type { RoundSource } from "./fewShotPrompts.ts";
import { construct, type FewShotAttempt, type FewShotKey } from "./fewShots.ts";

/** Rows whose prompts are made before the process looks at its messages again. */
const AT_ONCE = 50;
/** Choices that are stored before it does: some milliseconds. */
const STORED_AT_ONCE = 500;

export interface Given {
  /** The attempt that each row got. */
  fewShots: Map<number, number>;
  noCandidates: Row[];
  /** Rows that no attempt worked for, or whose budget takes no demonstration. */
  unverified: Row[];
  /** Attempts made, over all rows. */
  attempts: number;
  /** Rollouts that verifying them took. */
  rollouts: number;
}

/** @param round number of the round that the rows get their few-shots for */
export async function giveFewShots(run: Run, source: RoundSource, rows: readonly Row[], round: number): Promise<Given> {
  const { settings, seed } = run.experiment;
  const { fewShots: method } = settings.curriculum;
  const attempts = method === "random" ? 1 : settings.curriculum.attempts;
  const given: Given = { fewShots: new Map(), noCandidates: [], unverified: [], attempts: 0, rollouts: 0 };
  const tried = new Map<number, Set<string>>();
  run.recorder.activity("constructing");
  let waiting = rows;
  for (let attempt = 0; waiting.length > 0; attempt++) {
    const made: FewShotAttempt[] = [];
    const again: Row[] = [];
    for (const [place, row] of waiting.entries()) {
      if (place % AT_ONCE === AT_ONCE - 1) await turn();
      const key: FewShotKey = { seed, round, sample: row.index, attempt };
      const fewShots = construct(source, source.sampleOf(row.index), key);
      if (fewShots === "no-candidates") given.noCandidates.push(row);
      else if (fewShots === "over-budget") given.unverified.push(row);
      else if (isNew(tried, row.index, fewShots.prompt.text)) {
        made.push({ row, attempt, ...fewShots, rollouts: 0, correct: 0, chosen: method === "random" });
      } else again.push(row);
    }
    const settled = method === "random" ? made : await verify(run, made, { round, attempt });
    given.attempts += settled.length;
    given.rollouts += settled.reduce((sum, { rollouts }) => sum + rollouts, 0);
    for (const piece of pieces(settled, STORED_AT_ONCE)) {
      run.recorder.fewShots(run.progress.step, round, piece);
      await turn();
    }
    for (const { row, chosen } of settled) {
      if (chosen) given.fewShots.set(row.index, attempt);
      else again.push(row);
    }
    if (attempt + 1 < attempts) waiting = again.sort((a, b) => a.index - b.index);
    else {
      given.unverified.push(...again);
      break;
    }
  }
  return given;
}

/** A row with few candidates is given the same ones again: trying them twice costs rollouts and tells nothing. */
function isNew(tried: Map<number, Set<string>>, row: number, text: string): boolean {
  const texts = tried.get(row) ?? new Set();
  tried.set(row, texts);
  if (texts.has(text)) return false;
  texts.add(text);
  return true;
}

/** Chooses the attempts with which the current policy answers its row within as many rollouts as a probe has. */
async function verify(
  run: Run,
  made: readonly FewShotAttempt[],
  { round, attempt }: { round: number; attempt: number },
): Promise<FewShotAttempt[]> {
  const { settings, seed } = run.experiment;
  const keys = { seed: seedFor(seed, `verify in round ${round}, attempt ${attempt}`), step: run.progress.step };
  const byRow = new Map(made.map((each) => [each.row.index, each]));
  const rows = made.map(({ row, prompt }) => ({ ...row, prompt }));
  const settled: FewShotAttempt[] = [];
  const progress = (done: number): void => run.recorder.progress(done, rows.length);
  const options = { n: settings.probe.rollouts, stopAtFirst: settings.probe.mode !== "full", keys, progress };
  for await (const results of attemptRows(run, rows, options)) {
    for (const result of results) {
      const tried = byRow.get(result.row.index);
      if (!tried) throw new Error(`Row ${result.row.index} was not to be verified`);
      const correct = result.rollouts.filter((rollout) => rollout.correct).length;
      settled.push({ ...tried, rollouts: result.rollouts.length, correct, chosen: isSolved(result) });
    }
  }
  return settled.sort((a, b) => a.row.index - b.row.index);
}
