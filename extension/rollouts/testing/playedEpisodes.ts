/** Made runs of episodes, with evaluations as training stores them. */
import type { ToolChoices } from "../../../schemas/choices.ts";
import { readRunRecord, updateRunRecord } from "../../../server/store/runFolder.ts";
import { accuracyOf, entropyBits } from "../../../server/training/statistics.ts";
import type { MadeRun } from "./madeRun.ts";

/** Makes the run one of episodes. @param heldOut its file of questions to play; undefined for none */
export function ofEpisodes(run: MadeRun, heldOut: string | undefined = "/w/held-out.questions.jsonl"): void {
  const { experiment } = readRunRecord(run.folder);
  const episodes = { preset: "spark", trajectories: "/w/train.trajectories.jsonl", heldOut } as const;
  updateRunRecord(run.folder, { experiment: { ...experiment, ...episodes } });
}

export interface PlayedEvaluation {
  step: number;
  /** Share of the episodes that end right, of 200 questions. */
  right: number;
  /** Turns by tool, and those of plain reasoning. */
  tools: Readonly<Record<string, number>>;
  reasoning: number;
  /** Each has the same choices, in another order, and is right less often the later it stands. */
  categories: readonly string[];
}

const QUESTIONS = 200;

export function played({ writer }: MadeRun, { step, right, tools, reasoning, categories }: PlayedEvaluation): void {
  const names = Object.keys(tools);
  const turns = [...Object.values(tools), reasoning];
  const rotated = (by: number): number[] => turns.map((_, place) => turns[(place + by) % turns.length] ?? 0);
  const accuracy = (share: number, of: number) => accuracyOf(Math.round(share * of), of);
  const each = Math.floor(QUESTIONS / categories.length);
  writer.recordEvaluation({
    step,
    moment: step === 0 ? "before" : "between",
    accuracy: accuracy(right, QUESTIONS),
    categories: Object.fromEntries(categories.map((name, place) => [name, accuracy(right * 0.8 ** place, each)])),
    truncated: 0,
    malformed: 0,
    choices: {
      ...choicesOf(names, turns),
      episodes: 4,
      turns: Math.round(1.05 * turns.reduce((sum, n) => sum + n, 0)),
      unreadable: Math.round(0.05 * turns.reduce((sum, n) => sum + n, 0)),
      categories: Object.fromEntries(categories.map((name, place) => [name, choicesOf(names, rotated(place))])),
    },
  });
}

function choicesOf(names: readonly string[], turns: readonly number[]): ToolChoices {
  const total = turns.reduce((sum, n) => sum + n, 0);
  return {
    tools: [...names, null].map((tool, place) => ({
      tool,
      turns: turns[place] ?? 0,
      share: (turns[place] ?? 0) / total,
    })),
    entropyBits: entropyBits(turns),
    entropyBitsPerQuestion: entropyBits(turns) / 2,
  };
}
