/** Runs for tests of what is made of them. */
import type { RunDetails, RunStatus } from "./runStatus.ts";

const share = (correct: number, rows = 200) => ({
  rows,
  correct,
  value: correct / rows,
  low: correct / rows - 0.05,
  high: correct / rows + 0.05,
});

export const accuracyBefore = share(83);
export const accuracyNow = share(125);

export function someRun(changes: Partial<RunStatus> = {}, details: Partial<RunDetails> = {}): RunStatus {
  return {
    folder: "/runs/20261120-140509-quickstart",
    id: "20261120-140509-quickstart",
    name: "quickstart",
    phase: "running",
    details: {
      experimentFile: "/experiment.json",
      preset: "grpo",
      device: "cpu",
      threads: 2,
      created: "2026-11-20T14:05:09.000Z",
      step: 42,
      steps: 150,
      ...details,
    },
    ...changes,
  };
}
