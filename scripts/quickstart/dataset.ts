/** The committed rows: training samples, held-out samples and demonstrations. */
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import { tools } from "./domains/index.ts";
import type { Part } from "./partition.ts";
import { houseVariant } from "./priors.ts";
import { Random } from "./random.ts";
import { type Category, categoryShares, drawRow, type Row } from "./row.ts";

export const SEED = 20260305;

export const sizes = { train: 640, heldOut: 2000, demonstrations: 96 } as const;

/** Each tool once in a shuffled order, again and again: every tool gets its share of the rows. */
function* toolsInTurn(random: Random): Generator<(typeof tools)[number], never> {
  for (;;) yield* random.shuffled(tools);
}

/** Categories in exact proportion, in random order. */
function categories(random: Random, count: number): Category[] {
  const rest = categoryShares
    .slice(1)
    .flatMap(([category, share]) => Array<Category>(Math.round(share * count)).fill(category));
  return random.shuffled([...Array<Category>(count - rest.length).fill("single"), ...rest]);
}

const answerKey = (row: Row): string => JSON.stringify(row.answer);

function drawRows(random: Random, part: Part, wanted: readonly Category[], taken: Set<string>): Row[] {
  const turn = toolsInTurn(random);
  return wanted.map((category) => {
    const tool = turn.next().value;
    for (;;) {
      const row = drawRow(random, part, category, tool, houseVariant);
      const keys = row.answer.length > 0 ? [row.query, answerKey(row)] : [row.query];
      if (keys.some((key) => taken.has(key))) continue;
      for (const key of keys) taken.add(key);
      return row;
    }
  });
}

export interface Dataset {
  train: Row[];
  heldOut: Row[];
  demonstrations: Row[];
}

/** No two rows share a query or an answer, so that no demonstration gives a sample's own answer away. */
export function drawDataset(seed = SEED): Dataset {
  const taken = new Set<string>();
  const draw = (name: "train" | "heldOut"): Row[] => {
    const random = new Random(seed, name);
    return drawRows(random, name, categories(random, sizes[name]), taken);
  };
  const train = draw("train");
  const random = new Random(seed, "demonstrations");
  const kinds = Array.from(
    { length: sizes.demonstrations },
    (_, index): Category => (index < 3 * tools.length ? "single" : index % 2 === 0 ? "parallel" : "several"),
  );
  return { train, heldOut: draw("heldOut"), demonstrations: drawRows(random, "train", kinds, taken) };
}

const numbered = (prefix: string, index: number, total: number): string =>
  `${prefix}-${String(index + 1).padStart(String(total).length, "0")}`;

export function toSample(prefix: string, row: Row, index: number, total: number): Sample {
  return {
    id: numbered(prefix, index, total),
    query: row.query,
    tools: row.offered.map((tool) => tool.name),
    answer: row.answer,
    category: row.category,
  };
}

export function toDemonstration(row: Row, id: string): Demonstration {
  return { id, query: row.query, answer: row.answer };
}

export function demonstrationId(index: number): string {
  return numbered("demo", index, sizes.demonstrations);
}
