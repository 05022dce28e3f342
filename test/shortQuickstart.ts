/** Makes a copy of the quickstart small: a run in which everything occurs, in seconds. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Short {
  /** Rows kept of the training and of the held-out samples. */
  train: number;
  heldOut: number;
  /** What takes the place of the experiment's settings. */
  settings: Record<string, unknown>;
}

export const oneStep: Short = {
  train: 6,
  heldOut: 4,
  settings: {
    steps: 1,
    sampling: { promptsPerStep: 6, groupSize: 4, temperature: 1 },
    lengths: { response: 40 },
    optimizer: { promptsPerMiniBatch: 6, learningRate: 3e-4 },
    probe: { rollouts: 2 },
    evaluation: { every: 1, rows: 4 },
  },
};

/** Long enough to be watched, paused and stopped at leisure; it ends by being stopped. */
export const endless: Short = {
  ...oneStep,
  train: 24,
  settings: { ...oneStep.settings, steps: 100_000, evaluation: { every: 50, rows: 4 }, checkpoints: { every: 25 } },
};

/** Changes the workspace's experiment and cuts its samples. */
export function shorten(workspace: string, { train, heldOut, settings }: Short): void {
  const keep = (file: string, rows: number): void => {
    const lines = readFileSync(path.join(workspace, file), "utf8").split("\n").slice(0, rows);
    writeFileSync(path.join(workspace, file), `${lines.join("\n")}\n`);
  };
  keep("train.samples.jsonl", train);
  keep("heldout.samples.jsonl", heldOut);
  const file = path.join(workspace, "experiment.json");
  const experiment: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...experiment, threads: 1, seed: 17, settings }, undefined, 2));
}
