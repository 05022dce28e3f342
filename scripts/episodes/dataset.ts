/** The questions of the example: those that are learnt from, and held-out ones with other sentences and other values. */
import type { Question } from "../../schemas/questions.ts";
import type { Part } from "../quickstart/partition.ts";
import { fill } from "../quickstart/phrasing.ts";
import { Random } from "../quickstart/random.ts";
import { tools } from "./catalog.ts";
import { kinds } from "./kinds/index.ts";
import { BEST, type Drawn, type QuestionKind } from "./question.ts";
import { type RowSupply, worldRows } from "./rowSupply.ts";

const SEED = 1;
export const sizes = { train: 600, heldOut: 400 } as const;

export interface AskedQuestion extends Drawn {
  kind: QuestionKind;
  query: string;
  phrasing: string;
}

export function drawQuestion(random: Random, part: Part, rows: RowSupply): AskedQuestion {
  const kind = random.weighted(kinds.map((each) => [each, each.share] as const));
  const drawn = kind.draw(random, part, rows);
  const phrasing = random.pick(part === "heldOut" ? kind.heldOut : kind.phrasings);
  const said = new Map(Object.entries(drawn.said).map(([slot, value]) => [slot, String(value)]));
  return { ...drawn, kind, phrasing, query: fill(phrasing, said) };
}

/** Different queries; the seed alone decides them. */
export function drawQuestions(part: "train" | "heldOut", seed = SEED): AskedQuestion[] {
  const random = new Random(seed, "episodes", part);
  const rows = worldRows(part);
  const asked = new Map<string, AskedQuestion>();
  while (asked.size < sizes[part]) {
    const question = drawQuestion(random, part, rows);
    if (!asked.has(question.query)) asked.set(question.query, question);
  }
  return [...asked.values()];
}

const offered: readonly string[] = tools.map((tool) => tool.function.name);

export function toQuestion({ kind, query, answer, accept, stages }: AskedQuestion, id: string): Question {
  const uses = stages.flatMap((stage) =>
    stage.uses.map(({ call, score }) => (score === BEST ? { call } : { call, score })),
  );
  return {
    id,
    query,
    tools: [...offered],
    answer,
    ...(accept && { accept }),
    category: kind.name,
    ...(uses.length > 0 && { uses }),
  };
}
