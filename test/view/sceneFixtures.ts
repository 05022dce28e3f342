/** What the scenes are made of: runs as training writes them, one of them hostile in everything that a model or a file says. */
import { renameSync, rmSync } from "node:fs";
import { HARD, madeRun, quickstartCopy } from "../../extension/replacements/testing/quickstartRun.ts";
import { ReplacementService } from "../../extension/replacements/worker/replacementService.ts";
import { evaluated } from "../../extension/rollouts/testing/evaluated.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { readRunRecord, updateRunRecord } from "../../server/store/runFolder.ts";
import { RunWriter } from "../../server/store/writer.ts";
import { HOSTILE_LINE, HOSTILE_MEGABYTE, HOSTILE_NAME } from "./hostileText.ts";

export interface Fixtures extends Disposable {
  run: MadeRun;
  other: MadeRun;
  empty: MadeRun;
  hostile: MadeRun;
  /** Its folder is not there. */
  gone: MadeRun;
  replacement: { file: string; text: string };
  /** Folder of a run of the quickstart, whose tokens can be told. */
  quickstart: string;
}

const METRICS = { rewardMean: 0.5, accuracy: 0.5, "rewardParts.format": 0.7, clippedLow: 0.01, clippedHigh: 0.02 };

export function makeFixtures(): Fixtures {
  const [run, other, empty, hostile, gone] = [makeRun(), makeRun(), makeRun(), makeRun(), makeRun()];
  for (const [one, n] of [
    [run, 2],
    [other, 3],
  ] as const) {
    for (let step = 1; step <= 12; step++) one.writer.recordStep({ ...stepOf(step, 4, 8, 40), metrics: METRICS });
    evaluated(one, { step: 11, rows: 60, solves: (row) => row % n === 0 });
  }
  fillHostile(hostile);
  gone.close();
  renameSync(gone.folder, awayOf(gone));
  const workspace = quickstartCopy();
  const quickstart = madeRun(workspace.folder);
  const replacement = new ReplacementService().draft(quickstart, HARD);
  tellTokens(quickstart);
  return {
    run,
    other,
    empty,
    hostile,
    gone,
    replacement,
    quickstart,
    [Symbol.dispose]: () => {
      rmSync(awayOf(gone), { recursive: true, force: true });
      for (const made of [run, other, empty, hostile, gone, workspace]) made[Symbol.dispose]();
    },
  };
}

const awayOf = ({ folder }: MadeRun): string => `${folder}-away`;

function fillHostile(run: MadeRun): void {
  const rollouts = groupAt(1, 0, 4, 40).map((rollout, index) => ({
    ...rollout,
    sample: HOSTILE_NAME,
    prompt: HOSTILE_MEGABYTE,
    completion:
      index === 0
        ? HOSTILE_MEGABYTE
        : `<tool_call>${JSON.stringify({ name: HOSTILE_NAME, arguments: { [HOSTILE_NAME]: HOSTILE_LINE } })}</tool_call>`,
    reason: HOSTILE_LINE,
    parts: { [HOSTILE_NAME]: 1 },
  }));
  const step = stepOf(1, 1, 4, 40);
  run.writer.recordStep({ ...step, rollouts, metrics: { ...METRICS, [`rewardParts.${HOSTILE_NAME}`]: 1 } });
  // Before training, so that the group of the step is the newest.
  evaluated(run, { step: 0, rows: 60, solves: () => false });
  const accuracy = { rows: 2, correct: 1, value: 0.5, low: 0.1, high: 0.9 };
  const categories = { [HOSTILE_NAME]: accuracy, other: accuracy };
  run.writer.recordEvaluation({ step: 0, moment: "before", accuracy, categories, truncated: 0, malformed: 0 });
  const record = readRunRecord(run.folder);
  const experiment = { ...record.experiment, name: HOSTILE_NAME, model: `/x/${HOSTILE_LINE}` };
  updateRunRecord(run.folder, { experiment, name: HOSTILE_NAME, message: HOSTILE_LINE, state: "failed" });
}

/** A completion with tokens from likely to very unlikely. */
function tellTokens(folder: string): void {
  using writer = RunWriter.open(folder);
  const [rollout] = groupAt(9, 0, 2, 40);
  if (!rollout) throw new Error("a group has rollouts");
  const tokens = Int32Array.from({ length: 12 }, (_, index) => 300 + index);
  const told = { ...rollout, sample: HARD, tokens, logprobs: Float32Array.from(tokens, (_, index) => -index) };
  writer.recordStep({ ...stepOf(9, 1, 2, 40), rollouts: [told, { ...told, rollout: 1 }] });
}
