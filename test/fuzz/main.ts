/** `npm run fuzz -- --cases N --seed S [--only parser] [--case number] [--write]`: every reader of foreign bytes, or one. */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { root } from "../sources.ts";
import { fuzz } from "./fuzzing.ts";
import { findingText, type Row, reportOf, rowOf, tableOf } from "./report.ts";
import type { Finding } from "./runner.ts";
import { shares } from "./shares.ts";
import type { Target } from "./target.ts";
import { targetNamed, targets } from "./targets/index.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    case: { type: "string" },
    /** The committed table. */
    write: { type: "boolean", default: false },
  },
});

const whole = (flag: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${flag} must be a whole number, but is ${text}`);
};

const seed = whole("seed", values.seed);
const chosen = values.only === undefined ? targets : [targetNamed(values.only)];
const at = values.case === undefined ? undefined : whole("case", values.case);
if (at !== undefined && chosen.length > 1) throw new Error("--case needs --only: a case is one parser's");

const progress = (name: string, done: number, of: number): void => console.error(`  ${name}: ${done} of ${of}`);
// What a case costs is its own thread's, so that parsers can be fuzzed beside one another.
const outcomes = await Readable.from(shares(chosen, whole("cases", values.cases)))
  .map(outcomeOf, { concurrency: availableParallelism() })
  .toArray();
const report = reportOf(
  seed,
  outcomes.map(({ row }) => row),
);
console.log(`\n${tableOf(report)}`);
if (values.write) {
  const results = path.join(root, "bench", "results");
  writeFileSync(path.join(results, "fuzz.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(path.join(results, "fuzz.md"), tableOf(report));
}
process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0;

async function outcomeOf({ target, cases }: { target: Target; cases: number }): Promise<{ row: Row; failed: number }> {
  const range = at === undefined ? { seed, first: 0, end: cases } : { seed, first: at, end: at + 1 };
  const outcome = await fuzz(target.name, range, progress);
  const { slowest, failed, findings } = outcome;
  const done = range.end - range.first;
  console.log(`${target.name}: ${done} cases, slowest ${slowest.milliseconds.toFixed(1)} ms, ${failed} failed`);
  for (const finding of findings) console.log(findingText(finding, seed), "\n", kept(finding));
  return { row: rowOf(target.name, done, outcome), failed };
}

/** The whole input as a file: the console shows its beginning. */
function kept({ target, number, input }: Finding): string {
  const folder = path.join(root, ".scratch", "fuzz");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${target.replaceAll(/\W+/g, "-")}-${seed}-${number}`);
  writeFileSync(file, input);
  return `    in ${path.relative(root, file)}`;
}
