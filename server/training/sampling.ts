/** Rollouts of rows under the policy, in a way that a pause can break off and redo without a trace. */
import type { Run } from "./context.ts";
import type { Completion, PolicyEngine, Prompt, Sampling } from "./engine/policyEngine.ts";
import { isAbort } from "./engine/remote/errors.ts";
import type { Dataset, Row, RowRollouts } from "./rows.ts";

/**
 * Makes an engine call that changes no weights: waits while the run is paused, and makes the call again where a pause
 * broke it off. Throws Stopped where the run is to end.
 */
export async function interruptible<T>(
  { control }: Pick<Run, "control">,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (;;) {
    await control.gate();
    const signal = control.interrupt;
    try {
      return await call(signal);
    } catch (error) {
      if (!signal.aborted || !isAbort(error)) throw error;
    }
  }
}

/** The part of a run that drawing rollouts needs. */
export interface SamplingRun extends Pick<Run, "engine" | "control"> {
  data: Pick<Dataset, "judge">;
}

export interface SampleOptions {
  /** G, completions of each prompt. */
  n: number;
  sampling: Sampling;
  /** Seed and step of the random keys; the row's index is the third part. */
  seed: number;
  step: number;
  /** Rollouts of each row drawn before with the same keys; 0 by default. */
  firstRollout?: number;
  /** Called with the number of completions drawn so far. */
  drawn?: (count: number) => void;
}

export interface DrawOptions extends Pick<SampleOptions, "n" | "sampling"> {
  signal: AbortSignal;
  drawn?: ((count: number) => void) | undefined;
}

/** n completions of each prompt, in the order of prompts and rollouts, however they finished. */
export async function drawAll(
  engine: Pick<PolicyEngine, "generate">,
  prompts: Prompt[],
  { n, sampling, signal, drawn }: DrawOptions,
): Promise<Completion[]> {
  const slots: (Completion | undefined)[] = new Array(prompts.length * n).fill(undefined);
  let count = 0;
  for await (const completion of engine.generate(prompts, n, sampling, signal)) {
    const slot = completion.prompt * n + completion.rollout;
    if (slots[slot] !== undefined)
      throw new Error(`The engine drew rollout ${completion.rollout} of prompt ${completion.prompt} twice`);
    slots[slot] = completion;
    count++;
    drawn?.(count);
  }
  signal.throwIfAborted();
  if (count !== slots.length)
    throw new Error(`The engine drew ${count} completions where ${slots.length} were asked for`);
  return slots as Completion[];
}

/** Draws and judges n completions for each row, in the order of rows and rollouts, however they finished. */
export async function sampleRows<R extends Row>(
  run: SamplingRun,
  rows: readonly R[],
  options: SampleOptions,
): Promise<RowRollouts<R>[]> {
  const { n, sampling, seed, step, firstRollout = 0 } = options;
  const prompts = rows.map((row) => ({
    tokens: row.prompt.tokens,
    key: { seed, step, sample: row.stream ?? row.index },
    ...(firstRollout > 0 ? { firstRollout } : {}),
  }));
  const completions = await interruptible(run, (signal) =>
    drawAll(run.engine, prompts, { n, sampling, signal, drawn: options.drawn }),
  );
  const judged = rows.map(async (row, index) => ({
    row,
    rollouts: await run.data.judge(
      completions
        .slice(index * n, (index + 1) * n)
        .map((completion) => ({ ...completion, rollout: firstRollout + completion.rollout })),
      row.sample,
      { seed, step },
    ),
  }));
  return Promise.all(judged);
}

/** Rows in pieces of at most `size`: one engine call each, so that progress shows and a pause loses little. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
