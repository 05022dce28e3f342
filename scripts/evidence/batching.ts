/**
 * What decoding computes beside what is asked for: rows of the decoding steps (one row is one token of one sequence, filled up or
 * not), for waves as decoding.ts has them and for continuous batching, where groups that wait take the room of those that end.
 * Counted on completions that the micro policy draws for the quickstart; nothing is timed.
 *
 *     node scripts/evidence/batching.ts [--out bench/results]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quickstartDraws } from "./quickstartDraws.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PROMPTS = 160;
const ROLLOUTS = 8;

/** Tokens that each sequence of a group has still to draw; those that have ended are not in it. */
type Remaining = number[];

interface Count {
  rows: number;
  steps: number;
  /** How often keys and values were moved: together, or to make room for groups that join. */
  moves: number;
}

/** Rows of a rectangle of groups, filled up to the longest. */
const area = (groups: readonly Remaining[]) => groups.length * Math.max(0, ...groups.map(({ length }) => length));
const live = (groups: readonly Remaining[]) => groups.reduce((sum, { length }) => sum + length, 0);
const afterStep = (groups: readonly Remaining[]) =>
  groups.map((group) => group.flatMap((left) => (left > 1 ? [left - 1] : []))).filter(({ length }) => length > 0);

function waves(queue: readonly Remaining[], most: number, compactBelow: number): Count {
  const count: Count = { rows: 0, steps: 0, moves: 0 };
  const perWave = Math.max(1, Math.floor(most / (queue[0] as Remaining).length));
  for (let start = 0; start < queue.length; start += perWave) {
    let groups: Remaining[] = queue.slice(start, start + perWave);
    let rows = area(groups);
    while (groups.length > 0) {
      count.rows += rows;
      count.steps += 1;
      groups = afterStep(groups);
      if (live(groups) > compactBelow * rows || area(groups) === rows || groups.length === 0) continue;
      rows = area(groups);
      count.moves += 1;
    }
  }
  return count;
}

function continuous(queue: readonly Remaining[], most: number, compactBelow: number): Count {
  const count: Count = { rows: 0, steps: 0, moves: 0 };
  const waiting = [...queue];
  let groups: Remaining[] = [];
  let rows = 0;
  while (groups.length > 0 || waiting.length > 0) {
    if (live(groups) <= compactBelow * (waiting.length > 0 ? most : rows)) {
      const before = groups.length;
      while (waiting.length > 0 && (groups.length === 0 || area([...groups, waiting[0] as Remaining]) <= most))
        groups.push(waiting.shift() as Remaining);
      if (groups.length > before || area(groups) !== rows) count.moves += 1;
      rows = area(groups);
    }
    count.rows += rows;
    count.steps += 1;
    groups = afterStep(groups);
  }
  return count;
}

/** Lengths of completions by prompt, like prompt lengths together, as decoding.ts orders them. */
async function drawnLengths(): Promise<Remaining[]> {
  const groups = await quickstartDraws(PROMPTS, ROLLOUTS, 0.7);
  return groups.toSorted((a, b) => a.prompt - b.prompt).map(({ completions }) => completions);
}

const { values } = parseArgs({ options: { out: { type: "string", default: join(ROOT, "bench", "results") } } });
const lengths = await drawnLengths();
const calls = [
  { what: "a training step", prompts: 8, rollouts: 5, most: 128 },
  { what: "an evaluation", prompts: PROMPTS, rollouts: 1, most: 128 },
  { what: "a full probe", prompts: PROMPTS, rollouts: ROLLOUTS, most: 128 },
  { what: "a full probe", prompts: PROMPTS, rollouts: ROLLOUTS, most: 256 },
];
const lines = calls.flatMap(({ what, prompts, rollouts, most }) => {
  const queue = lengths.slice(0, prompts).map((group) => group.slice(0, rollouts));
  const useful = queue.flat().reduce((sum, length) => sum + length, 0);
  return [0.7, 0.9].flatMap((below) =>
    Object.entries({ waves, "continuous batching": continuous }).map(([name, schedule]) => {
      const { rows, steps, moves } = schedule(queue, most, below);
      return `| ${what}, ${prompts} × ${rollouts}, at most ${most} | ${name}, moved below ${below} | ${useful} | ${rows} | ${(rows / useful).toFixed(3)} | ${steps} | ${moves} |`;
    }),
  );
});
const table = [
  "# Rows that decoding computes\n",
  "Completions of the quickstart's micro policy, temperature 0.7. A row is one token of one sequence in a decoding step.\n",
  "| call, sequences at once | schedule | tokens drawn | rows computed | rows per token | steps | moves of the caches |",
  "|---|---|---:|---:|---:|---:|---:|",
  ...lines,
  "",
].join("\n");
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "batching.md"), table);
console.log(table);
