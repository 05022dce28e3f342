/** One stage of the micro policy's supervised warm-up, through the engine's own update. */
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";
import { tokenWeights } from "../../server/training/objectives/aggregation.ts";

export interface WarmupRow {
  prompt: Int32Array;
  target: Int32Array;
}

export interface Stage {
  name: string;
  steps: number;
  /** Takes the rows of a step. */
  rows: (step: number) => WarmupRow[];
  learningRate: (step: number) => number;
  /** Called after every step with its loss. */
  done?: (step: number, loss: number) => Promise<void> | void;
}

/** Runs a stage; the loss is the mean cross-entropy of the target tokens. */
export async function runStage(engine: PolicyEngine, stage: Stage): Promise<void> {
  for (let step = 1; step <= stage.steps; step++) {
    const rows = stage.rows(step);
    const lengths = rows.map(({ target }) => target.length);
    const weights = tokenWeights(
      lengths,
      lengths.map(() => false),
      "token-mean",
      Math.max(...lengths),
    );
    const { loss } = await engine.update({
      groups: rows.map(({ prompt, target }, index) => ({
        prompt,
        completions: [target],
        signals: [{ weights: weights[index] as Float32Array, advantage: 0 }],
      })),
      objective: { kind: "supervised" },
      temperature: 1,
      learningRate: stage.learningRate(step),
    });
    await stage.done?.(step, loss);
  }
}

/** Takes the next n of an endless supply. */
export function take<T>(supply: Iterator<T>, n: number): T[] {
  return Array.from({ length: n }, () => {
    const next = supply.next();
    if (next.done) throw new Error("The supply of rows has ended");
    return next.value;
  });
}
