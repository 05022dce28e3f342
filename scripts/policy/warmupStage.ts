/** One stage of the micro policy's supervised warm-up, through the engine's own update. */
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";

export interface WarmupRow {
  prompt: Int32Array;
  target: Int32Array;
  /** Leading tokens of the target that nothing foretells, such as examples drawn at random; they would drown the rest. */
  invented?: number;
  /** One for each token of the target, 0 … 1, where they are not all to be learnt alike; in place of `invented`. */
  weights?: Float32Array;
}

/** Weight of an invented token beside 1 of the others: enough to learn their form. */
const INVENTED = 0.1;

export interface Stage {
  name: string;
  steps: number;
  /** Steps of it that were made before; 0 by default. */
  made?: number;
  /** Takes the rows of a step. */
  rows: (step: number) => WarmupRow[];
  learningRate: (step: number) => number;
  /** Called after every step with its loss. */
  done?: (step: number, loss: number) => Promise<void> | void;
}

/** Runs a stage; the loss is the weighted mean of the target tokens' cross-entropies. */
export async function runStage(engine: PolicyEngine, stage: Stage): Promise<void> {
  for (let step = 1 + (stage.made ?? 0); step <= stage.steps; step++) {
    const rows = stage.rows(step);
    const weights = rowWeights(rows);
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

/** One array for each row; together they sum to 1. */
function rowWeights(rows: readonly WarmupRow[]): Float32Array[] {
  const raw = rows.map(
    ({ target, invented = 0, weights }) =>
      weights ?? new Float32Array(target.length).fill(1).fill(INVENTED, 0, invented),
  );
  const total = raw.reduce((sum, weights) => sum + weights.reduce((part, weight) => part + weight, 0), 0);
  return raw.map((weights) => weights.map((weight) => weight / total));
}

/** Takes the next n of an endless supply. */
export function take<T>(supply: Iterator<T>, n: number): T[] {
  return Array.from({ length: n }, () => {
    const next = supply.next();
    if (next.done) throw new Error("The supply of rows has ended");
    return next.value;
  });
}
