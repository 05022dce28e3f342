/**
 * Rows for the supervised warm-up of the micro policy. They teach the form of a call, the tools and copying; a tool's
 * convention they leave open: each row draws it anew, from the prior of priors.ts in rows without demonstrations, and
 * evenly in rows with demonstrations, so that only the demonstration tells it.
 */
import { isDeepStrictEqual } from "node:util";
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import { drawDataset, SEED } from "./dataset.ts";
import { tools } from "./domains/index.ts";
import { PLAIN, variantPrior } from "./priors.ts";
import { Random } from "./random.ts";
import type { Conventions } from "./request.ts";
import { type Category, categoryShares, drawRow, type Row } from "./row.ts";
import { type Completing, selfExemplifyingCompletion } from "./selfExemplify.ts";
import { conventionOf, type ToolSpec } from "./toolSpec.ts";

export type PromptKind = "raw" | "fewShot" | "selfExemplify";

export type PromptShares = Readonly<Record<PromptKind, number>>;

export const defaultShares: PromptShares = { raw: 0.5, fewShot: 0.35, selfExemplify: 0.15 };

export interface WarmupRow {
  kind: PromptKind;
  sample: Sample;
  row: Row;
  demonstrations: Row[];
  /** Variant by tool name, for every tool with a convention. */
  conventions: ReadonlyMap<string, string>;
}

function drawConventions(random: Random, kind: PromptKind): Map<string, string> {
  const drawn = new Map<string, string>();
  for (const tool of tools) {
    const convention = conventionOf(tool);
    if (!convention) continue;
    drawn.set(tool.name, kind === "fewShot" ? random.pick(convention.variants) : random.weighted(variantPrior(tool)));
  }
  return drawn;
}

/** Most demonstrations answer with one call; the samples a curriculum takes them from are of every category. */
const demonstrationShares: readonly (readonly [Category, number])[] = [
  ["single", 0.7],
  ["parallel", 0.15],
  ["several", 0.15],
];

const MAX_DEMONSTRATIONS = 3;

/** One demonstration for each tool of the answer, and up to three in all; none gives the row's own answer away. */
function drawDemonstrations(random: Random, row: Row, conventions: Conventions): Row[] {
  const needed: ToolSpec[] = row.category === "none" ? [] : [...new Set(row.requests.map((request) => request.tool))];
  const wanted = random.integer(Math.max(1, needed.length), MAX_DEMONSTRATIONS);
  while (needed.length < wanted) needed.push(random.pick(random.chance(0.7) ? row.offered : tools));
  const drawFor = (tool: ToolSpec): Row => {
    for (;;) {
      const shown = drawRow(random, "warmup", random.weighted(demonstrationShares), tool, conventions);
      if (!isDeepStrictEqual(shown.answer, row.answer)) return shown;
    }
  };
  return random.shuffled(needed).map(drawFor);
}

const asDemonstration = (row: Row, index: number): Demonstration => ({
  id: `shown-${index + 1}`,
  query: row.query,
  answer: row.answer,
});

/** Row `index` of the stream; `avoid` holds queries that must not come up. */
function warmupRow(
  seed: number,
  index: number,
  shares: PromptShares,
  avoid: ReadonlySet<string>,
  completing: Completing,
): WarmupRow {
  const random = new Random(seed, "warmup", index);
  const kind = random.weighted(Object.entries(shares) as [PromptKind, number][]);
  const conventions = drawConventions(random, kind);
  const variantOf: Conventions = (tool) => conventions.get(tool.name) ?? PLAIN;
  const category = random.weighted(categoryShares);
  let row = drawRow(random, "warmup", category, random.pick(tools), variantOf);
  while (avoid.has(row.query)) row = drawRow(random, "warmup", category, random.pick(tools), variantOf);
  const demonstrations = kind === "fewShot" ? drawDemonstrations(random, row, variantOf) : [];
  const sample: Sample = {
    id: `warmup-${index + 1}`,
    query: row.query,
    tools: row.offered.map((tool) => tool.name),
    answer: row.answer,
    category,
  };
  if (kind === "fewShot") sample.demonstrations = demonstrations.map(asDemonstration);
  if (kind === "selfExemplify") {
    sample.style = "self-exemplify";
    sample.completion = completing(random, row, variantOf);
  }
  return { kind, sample, row, demonstrations, conventions };
}

/** The queries of the committed rows: no warm-up row asks one of them. */
function committedQueries(): Set<string> {
  const { train, heldOut, demonstrations } = drawDataset(SEED);
  return new Set([...train, ...heldOut, ...demonstrations].map((row) => row.query));
}

/** An endless supply in principle: the same seed gives the same rows, whatever the count. */
export function* warmupRows(
  seed: number,
  count: number,
  shares: PromptShares = defaultShares,
  completing: Completing = selfExemplifyingCompletion,
): Generator<WarmupRow> {
  const avoid = committedQueries();
  for (let index = 0; index < count; index++) yield warmupRow(seed, index, shares, avoid, completing);
}
