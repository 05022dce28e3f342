/** The hard samples of a run by tool, as the tree shows them. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { STORE_FILE } from "../../../server/store/database.ts";
import { type HardRow, HardRowReader } from "../../../server/store/hardRows.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { Dataset } from "../../stores/dataset.ts";
import type { HardSample, HardSamples, HardState, HardTool } from "../messages.ts";

/** Samples of a tool that are listed: a person looks at the worst ones, and the view of rollouts lists them all. */
export const MOST_OF_A_TOOL = 200;

const LONGEST_QUERY = 160;

export class HardSampleLists {
  /** Samples of the run that was listed last: they are asked for every few seconds, and reading them may take a second. */
  #known: { folder: string; dataset: Dataset } | undefined;

  /** @throws InputError where the run has no record or no store that can be read */
  list(folder: string): HardSamples {
    const dataset = this.#datasetOf(folder);
    if (!existsSync(join(folder, STORE_FILE))) return { tools: [], hard: 0, known: false };
    using reader = new HardRowReader(folder);
    const rows = reader.rows().sort(worstFirst);
    const train = dataset.of("train");
    return {
      tools: byTool(rows, dataset),
      hard: rows.filter(isHard).length,
      known: rows.length > 0 || reader.probed,
      ...("problem" in train ? { problem: train.problem } : {}),
    };
  }

  /** Kept only where the samples could be read: a file that is missing may come back. */
  #datasetOf(folder: string): Dataset {
    if (this.#known?.folder === folder) return this.#known.dataset;
    const dataset = new Dataset(readRunRecord(folder), folder);
    dataset.load();
    this.#known = "byId" in dataset.of("train") ? { folder, dataset } : undefined;
    return dataset;
  }
}

function byTool(rows: readonly HardRow[], dataset: Dataset): HardTool[] {
  const tools = new Map<string | null, HardTool>();
  for (const row of rows) {
    const gold = dataset.sample("train", row.sample);
    const names = new Set(gold?.answer.map(({ name }) => name));
    for (const tool of names.size > 0 ? names : [null]) {
      const group = tools.get(tool) ?? { tool, hard: 0, samples: [], more: 0 };
      tools.set(tool, group);
      if (isHard(row)) group.hard++;
      if (group.samples.length < MOST_OF_A_TOOL) group.samples.push(toSample(row, gold?.query ?? ""));
      else group.more++;
    }
  }
  return [...tools.values()].sort((a, b) => b.hard - a.hard || byName(a.tool, b.tool));
}

function toSample(row: HardRow, query: string): HardSample {
  const { sample, probes, failed } = row;
  return { sample, query: plain(query, LONGEST_QUERY), state: stateOf(row), hard: isHard(row), probes, failed };
}

/** What has no name comes last. */
const byName = (a: string | null, b: string | null): number =>
  Number(a === null) - Number(b === null) || (a ?? "").localeCompare(b ?? "");

const isHard = ({ state, edit }: HardRow): boolean => edit !== "exclude" && (state?.startsWith("hard") ?? false);

/** The store's states of hard rows (curriculum/rowStates.ts). */
const states: Readonly<Record<string, HardState>> = {
  "hard-few-shots": "few-shots",
  "hard-no-candidates": "no-candidates",
  "hard-unverified": "unverified",
  retired: "retired",
};

function stateOf({ state, edit }: HardRow): HardState {
  if (edit !== null) return edit === "exclude" ? "excluded" : "edited";
  return states[state ?? ""] ?? "hard";
}

const worstFirst = (a: HardRow, b: HardRow): number =>
  b.failed - a.failed ||
  Number(isHard(b)) - Number(isHard(a)) ||
  a.sample.localeCompare(b.sample, "en", { numeric: true });
