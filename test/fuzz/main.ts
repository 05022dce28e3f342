/** `npm run fuzz -- --cases N --seed S [--only parser] [--case number] [--write]`: every reader of foreign bytes, or one. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "../sources.ts";
import { fuzz } from "./fuzzing.ts";
import { findingText, reportOf, rowOf, tableOf } from "./report.ts";
import type { Finding } from "./runner.ts";
import { shares } from "./shares.ts";
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

const rows = [];
const found: Finding[] = [];
const progress = (name: string, done: number, of: number): void => console.error(`  ${name}: ${done} of ${of}`);
for (const { target, cases } of shares(chosen, whole("cases", values.cases))) {
  const range = at === undefined ? { seed, first: 0, end: cases } : { seed, first: at, end: at + 1 };
  const outcome = await fuzz(target.name, range, progress);
  rows.push(rowOf(target.name, range.end - range.first, outcome));
  console.log(
    `${target.name}: ${range.end - range.first} cases, slowest ${outcome.slowest.milliseconds.toFixed(1)} ms, ${outcome.failed} failed`,
  );
  for (const finding of outcome.findings) console.log(findingText(finding, seed), "\n", kept(finding));
  found.push(...outcome.findings);
}
const report = reportOf(seed, rows);
console.log(`\n${tableOf(report)}`);
if (values.write) {
  const results = path.join(root, "bench", "results");
  writeFileSync(path.join(results, "fuzz.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(path.join(results, "fuzz.md"), tableOf(report));
}
process.exitCode = found.length > 0 ? 1 : 0;

/** The whole input as a file: the console shows its beginning. */
function kept({ target, number, input }: Finding): string {
  const folder = path.join(root, ".scratch", "fuzz");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${target.replaceAll(/\W+/g, "-")}-${seed}-${number}`);
  writeFileSync(file, input);
  return `    in ${path.relative(root, file)}`;
}
