/**
 * The fault suite (test/faults), by hand: `npm run test:faults` for its short form, and for the long one
 *
 *     npm run test:faults -- --count 200 --seed 7 [--out bench/results/faults] [--only TEXT] [part of a path …]
 *
 * Prints the table of what happened, and writes it as .md and .json where --out says. --only runs the faults with the text in their
 * names; with it, or with parts of paths, the other rows of a table of the same count and seed that is there stay as they are.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Value } from "@sinclair/typebox/value";
import {
  COUNT_VARIABLE,
  FaultReport,
  FaultRow,
  REPORT_VARIABLE,
  renderFaults,
  renewed,
  SEED_VARIABLE,
} from "./faultReport.ts";
import { describeMachine } from "./machine.ts";
import { testFiles } from "./testFiles.ts";
import { runTests, summary } from "./unitTests.ts";

/** A fault's own limit is the one that counts. */
const NO_LIMIT_MS = 24 * 3_600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "0" },
    seed: { type: "string", default: "7" },
    out: { type: "string" },
    only: { type: "string" },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 0 || !Number.isInteger(seed)) {
  console.error("--count and --seed are whole numbers, --count 0 or more");
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-faults-"));
const report = path.join(folder, "rows.jsonl");
Object.assign(process.env, {
  [COUNT_VARIABLE]: String(count),
  [SEED_VARIABLE]: String(seed),
  [REPORT_VARIABLE]: report,
});

const started = performance.now();
const parts = positionals.length === 0 ? ["test/faults/"] : positionals.map((part) => `test/faults/${part}`);
const files = testFiles(path.resolve(import.meta.dirname, ".."), parts);
const counts = await runTests(files, { patience: NO_LIMIT_MS, only: values.only });
const lines = existsSync(report) ? readFileSync(report, "utf8").trimEnd().split("\n") : [];
const own = lines.map((line) => Value.Parse(FaultRow, JSON.parse(line)));
rmSync(folder, { recursive: true, force: true });

const made = new Date().toISOString().slice(0, 10);
const minutes = (performance.now() - started) / 60_000;
const sitting = { made, machine: describeMachine(), minutes, faults: own.map(({ fault }) => fault) };
const isPart = values.only !== undefined || positionals.length > 0;
const earlier = (isPart ? earlierReport() : undefined) ?? { count, seed, sittings: [], rows: [] };
const result = renewed(earlier, { sittings: [sitting], rows: own });
const table = renderFaults(result);
if (values.out !== undefined) {
  mkdirSync(path.dirname(values.out), { recursive: true });
  writeFileSync(`${values.out}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${values.out}.md`, table);
}
console.log(`\n${table}`);
console.log(summary(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

/** The table that a part of it is made anew for. */
function earlierReport(): FaultReport | undefined {
  const file = `${values.out}.json`;
  if (values.out === undefined || !existsSync(file)) return undefined;
  const report = Value.Parse(FaultReport, JSON.parse(readFileSync(file, "utf8")));
  return report.count === count && report.seed === seed ? report : undefined;
}
