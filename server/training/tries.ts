/**
 * Rollouts of the current policy on an edit that no step has drawn, beside as many on what the algorithm chose. They are none
 * of the run's: their random streams are their own, nothing of them is stored, and the run goes on as it would have without them.
 */
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import type { Replacement } from "../../schemas/replacement.ts";
import type { TriedRollout, TrySide, TryVersion } from "../../schemas/tries.ts";
import { type Curriculum, shownBy } from "./curriculum/curriculum.ts";
import { seedFor } from "./draw.ts";
import type { PolicyEngine } from "./engine/policyEngine.ts";
import type { Judge, JudgedRollout } from "./judge.ts";
import type { Dataset, Row } from "./rows.ts";

/** A row as one side of a try puts it. */
export interface TriedRow extends Pick<Row, "index" | "sample" | "prompt"> {
  side: TrySide;
  version: TryVersion;
}

/** UTF-16 units of a completion that are told: what a screen can bear. */
const SHOWN = 50_000;

/**
 * Both sides of a try: the row as the edit puts it, and as the algorithm does. Undefined where the edit's prompt is longer than
 * its budget.
 *
 * @param index of the training row that the edit is of
 */
export function triedRows(
  data: Pick<Dataset, "train" | "fewShotPrompt">,
  curriculum: Pick<Curriculum, "automatic">,
  index: number,
  replacement: Exclude<Replacement, { action: "exclude" }>,
): TriedRow[] | undefined {
  const row = data.train[index];
  if (!row) throw new RangeError(`No training row ${index}`);
  const { sample } = row;
  const automatic: TriedRow = { side: "automatic", ...curriculum.automatic(index) };
  if (replacement.action === "fixGold") {
    const corrected = { ...sample, answer: replacement.gold };
    return [{ side: "edited", version: "edited", index, sample: corrected, prompt: row.prompt }, automatic];
  }
  const prompt = data.fewShotPrompt(sample, shownBy(replacement));
  return prompt && [{ side: "edited", version: "edited", index, sample, prompt }, automatic];
}

export interface TryOptions {
  /** Rollouts of each row. */
  n: number;
  /** Which try of this server it is, from 1: no two have the same random streams. */
  number: number;
  /** Last complete step of the policy. */
  step: number;
  /** Called with each rollout when it is judged. */
  tried(rollout: TriedRollout): void;
  signal: AbortSignal;
}

export interface Drawing {
  /** Settles when the last rollout is judged. Rejects where the reward cannot be asked. */
  judged: Promise<unknown>;
}

/**
 * Draws n rollouts of each row, all in one call of the engine. It settles when they are drawn, since the run waits that long;
 * they may be judged while the run goes on.
 *
 * @throws AbortError where the signal says so, EngineLost where the engine dies
 */
export async function drawTries(
  engine: Pick<PolicyEngine, "generate">,
  { seed, settings: { sampling, lengths } }: Pick<ResolvedExperiment, "seed" | "settings">,
  judge: Judge,
  rows: readonly TriedRow[],
  { n, number, step, tried, signal }: TryOptions,
): Promise<Drawing> {
  const key = { seed: seedFor(seed, `try ${number}`), step };
  const prompts = rows.map(({ prompt }, side) => ({ tokens: prompt.tokens, key: { ...key, sample: side } }));
  const drawing = { temperature: sampling.temperature, maxNewTokens: lengths.response };
  const judged: Promise<void>[] = [];
  for await (const completion of engine.generate(prompts, n, drawing, signal)) {
    const { side, sample } = rows[completion.prompt] as TriedRow;
    const verdict = judge([completion], sample, key).then((rollouts) => {
      for (const rollout of rollouts) if (!signal.aborted) tried(told(side, rollout));
    });
    verdict.catch(() => {}); // whoever waits for all of them hears of it
    judged.push(verdict);
  }
  signal.throwIfAborted();
  return { judged: Promise.all(judged) };
}

function told(side: TrySide, { completion, text, calls, failed, ...verdict }: JudgedRollout): TriedRollout {
  const { rollout, tokens, truncated } = completion;
  const { formatOk, correct, reward, reason } = verdict;
  return {
    side,
    rollout,
    text: text.slice(0, SHOWN),
    characters: text.length,
    tokens: tokens.length,
    truncated,
    calls: JSON.stringify(calls),
    formatOk,
    correct,
    reward,
    failed: failed === true,
    reason,
  };
}
