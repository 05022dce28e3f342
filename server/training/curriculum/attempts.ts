/** Rollouts of many rows, of which only one thing is asked: whether any of them is correct. */
import type { Run } from "../context.ts";
import type { Row, RowRollouts } from "../rows.ts";
import { pieces, type SamplingRun, sampleRows } from "../sampling.ts";

export interface AttemptKeys {
  seed: number;
  step: number;
}

export interface Attempts {
  /** Rollouts of a row at most. */
  n: number;
  /** Draw no more of a row once one is correct. */
  stopAtFirst: boolean;
  keys: AttemptKeys;
  /** Called with the number of rows that are done. */
  progress?: (rows: number) => void;
}

export interface AttemptingRun extends SamplingRun, Pick<Run, "experiment"> {}

/**
 * Draws rollouts at the temperature of training and yields rows as soon as they are done, each once with all that was drawn
 * of it. Where they stop at the first, they come in waves of 1, 2, 4, … rollouts of every row that is still unsolved, so that
 * the engine's batches stay full; the rollouts are those that n at once would be, up to rounding.
 */
export async function* attemptRows<R extends Row>(
  run: AttemptingRun,
  rows: readonly R[],
  { n, stopAtFirst, keys, progress = () => {} }: Attempts,
): AsyncGenerator<RowRollouts<R>[]> {
  const { sampling, lengths } = run.experiment.settings;
  const drawing = { sampling: { temperature: sampling.temperature, maxNewTokens: lengths.response }, ...keys };
  let done = 0;
  // As many sequences in a wave of one rollout as otherwise in a piece of n.
  for (const piece of pieces(rows, sampling.promptsPerStep * (stopAtFirst ? n : 1))) {
    let waiting: RowRollouts<R>[] = piece.map((row) => ({ row, rollouts: [] }));
    for (let drawn = 0, wave = stopAtFirst ? 1 : n; waiting.length > 0; drawn += wave, wave *= 2) {
      const size = Math.min(wave, n - drawn);
      const options = { ...drawing, n: size, firstRollout: drawn };
      const results = await sampleRows(
        run,
        waiting.map(({ row }) => row),
        options,
      );
      const before = waiting;
      const now = results.map(({ row, rollouts }, index) => ({
        row,
        rollouts: [...(before[index]?.rollouts ?? []), ...rollouts],
      }));
      const isDone = (result: RowRollouts<R>): boolean => drawn + size >= n || isSolved(result);
      waiting = now.filter((result) => !isDone(result));
      const ended = now.filter(isDone);
      done += ended.length;
      progress(done);
      if (ended.length > 0) yield ended;
    }
  }
}

export function isSolved({ rollouts }: Pick<RowRollouts, "rollouts">): boolean {
  return rollouts.some(({ correct }) => correct);
}
