/** Few-shots of a hard row (ToolExpander §3.1): queries and answers of others that use its tools, put before its query as earlier turns. */
import type { Settings } from "../../../schemas/experiment.ts";
import type { Demonstration, Sample } from "../../../schemas/samples.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import { seedFor, words } from "../draw.ts";
import type { Row } from "../rows.ts";
import type { DemonstrationPool, Draw } from "./demonstrationPool.ts";

/** What a choice of demonstrations depends on. */
export interface FewShotKey {
  seed: number;
  round: number;
  /** Place of the row in its file. */
  sample: number;
  /** From 0. */
  attempt: number;
}

export interface FewShots {
  demonstrations: Demonstration[];
  prompt: Rendered;
  /** Demonstrations that were chosen and did not fit. */
  dropped: number;
}

/** One choice of demonstrations for a row, and what came of it. */
export interface FewShotAttempt {
  row: Row;
  attempt: number;
  demonstrations: readonly Demonstration[];
  prompt: FewShots["prompt"];
  dropped: number;
  /** Rollouts it was tried with, and how many were correct; 0 where it was not tried. */
  rollouts: number;
  correct: number;
  chosen: boolean;
}

/** `over-budget`: not even one demonstration fits. */
export type Construction = FewShots | "no-candidates" | "over-budget";

export interface FewShotSource {
  pool: DemonstrationPool;
  settings: Pick<Settings["curriculum"], "demonstrate" | "perTool">;
  /** The prompt with demonstrations; undefined where it is longer than its budget. */
  render(sample: Sample, demonstrations: readonly Demonstration[]): Rendered | undefined;
}

/**
 * Whether anything can be shown for a row: another answer that calls a tool it needs. A row that needs none is shown the
 * tools it is offered.
 */
export function hasCandidates({ pool }: Pick<FewShotSource, "pool">, sample: Sample): boolean {
  const needed = calledBy(sample);
  const own = pool.answerNumber(sample.answer);
  return (needed.length > 0 ? needed : sample.tools).some((tool) => pool.candidates(tool, own) > 0);
}

/** The few-shot version of a row: a function of the key, the pool and the row. */
export function construct(source: FewShotSource, sample: Sample, key: FewShotKey): Construction {
  if (!hasCandidates(source, sample)) return "no-candidates";
  const { pool, settings, render } = source;
  const draw = drawsOf(key);
  const own = pool.answerNumber(sample.answer);
  const taken = new Set<number>();
  // The tools that the row needs come first: where the budget is short, theirs are the demonstrations that stay.
  const needed = calledBy(sample);
  const others = settings.demonstrate === "offered" ? sample.tools.filter((tool) => !needed.includes(tool)) : [];
  const chosen = [...needed, ...others].flatMap((tool) => pool.pick(tool, own, settings.perTool, taken, draw));
  const order = chosen.map(() => draw(2 ** 31));
  for (let kept = chosen.length; kept > 0; kept--) {
    const demonstrations = shuffled(chosen.slice(0, kept), order);
    const prompt = render(sample, demonstrations);
    if (prompt) return { demonstrations, prompt, dropped: chosen.length - kept };
  }
  return "over-budget";
}

/** Where demonstrations stand must not tell which of them are of the tools that are wanted. */
function shuffled<T>(items: readonly T[], order: readonly number[]): T[] {
  return items
    .map((item, index) => ({ item, place: order[index] as number, index }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ item }) => item);
}

function calledBy({ answer }: Sample): string[] {
  return [...new Set(answer.map(({ name }) => name))];
}

function drawsOf({ seed, round, sample, attempt }: FewShotKey): Draw {
  const next = words(seedFor(seed, `few-shots of row ${sample} in round ${round}, attempt ${attempt}`));
  return (bound) => Math.floor((next() / 2 ** 32) * bound);
}
