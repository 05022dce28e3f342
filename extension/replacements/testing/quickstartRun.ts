/** A copy of the quickstart with a run that was written and not trained: one hard sample, few-shots for it, an edit, draws. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOf } from "../../../server/store/rows.ts";
import { updateRunRecord } from "../../../server/store/runFolder.ts";
import { RunWriter } from "../../../server/store/writer.ts";
import { replacementFileName } from "../../../server/toolcalls/replacementName.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { createRun } from "../../../server/training/newRun.ts";

const quickstart = join(import.meta.dirname, "..", "..", "..", "examples", "quickstart");

/** The hard sample. */
export const HARD = "train-001";

export interface Workspace extends Disposable {
  folder: string;
}

export function quickstartCopy(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "replacements-"));
  cpSync(quickstart, folder, { recursive: true });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A run that probed the row hard in vain, chose few-shots for it and drew it by itself and by hand. */
/** @returns the run folder */
export function madeRun(root: string): string {
  const experiment = resolveExperiment(join(root, "experiment.json"), { preset: "dmhs-replace" });
  const folder = createRun(experiment);
  updateRunRecord(folder, { state: "finished" });
  using writer = RunWriter.open(folder);
  const rollout = (group: number, index: number, correct: boolean) => ({
    group,
    rollout: index,
    sample: HARD,
    prompt: "p",
    completion: "c",
    tokens: Int32Array.of(1),
    logprobs: Float32Array.of(0),
    entropy: 0,
    reward: Number(correct),
    parts: {},
    reason: "",
    correct,
    formatOk: true,
    truncated: false,
    advantage: 0,
  });
  writer.recordRollouts("probe", 0, [rollout(0, 0, false), rollout(0, 1, false)]);
  const numbers = { rows: 1, hard: 1, rollouts: 2, skipped: 0, drawn: 2, saved: 0 };
  writer.recordProbe({ step: 0, moment: "before", mode: "full", ...numbers }, [
    { sample: HARD, state: "hard-few-shots", detail: {} },
  ]);
  const chosen = [
    {
      id: "x",
      query: "Heat the hall to 20.",
      answer: [{ name: "set_heating", arguments: { room: "hall", degrees: 20, duration: 60 } }],
    },
  ];
  const common = { sample: HARD, promptHash: "0".repeat(64), tokens: 9, dropped: 0, rollouts: 2 };
  writer.recordFewShots(0, 1, [
    { ...common, attempt: 0, demonstrations: [], correct: 0, chosen: false },
    { ...common, attempt: 1, demonstrations: chosen, correct: 1, chosen: true },
  ]);
  const [edit] = writer.recordEdits([
    { file: replacementFileName(HARD), sample: HARD, action: "fewshot", step: 2, reason: null, text: "{}" },
  ]);
  const draw = (version: "few-shot" | "edited", number: number | null) => ({
    group: 0,
    sample: HARD,
    version,
    promptHash: hashOf("p"),
    round: 1,
    attempt: null,
    edit: number,
  });
  const step = { metrics: {}, timings: {} };
  writer.recordStep({
    ...step,
    step: 1,
    rollouts: [rollout(0, 0, false), rollout(0, 1, false)],
    draws: [draw("few-shot", null)],
  });
  writer.recordStep({
    ...step,
    step: 2,
    rollouts: [rollout(0, 0, true), rollout(0, 1, false)],
    draws: [draw("edited", edit?.sequence ?? 0)],
  });
  return folder;
}
