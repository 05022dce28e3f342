/** `node scripts/quickstart/warmup.ts --rows N --out FILE`: writes warm-up rows as samples, one JSON object per line. */
import { closeSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { defaultShares, warmupRows } from "./warmupRows.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string" },
    out: { type: "string" },
    seed: { type: "string", default: "1" },
    raw: { type: "string", default: String(defaultShares.raw) },
    "few-shot": { type: "string", default: String(defaultShares.fewShot) },
    "self-exemplify": { type: "string", default: String(defaultShares.selfExemplify) },
  },
});

const rows = Number(values.rows);
const seed = Number(values.seed);
const shares = {
  raw: Number(values.raw),
  fewShot: Number(values["few-shot"]),
  selfExemplify: Number(values["self-exemplify"]),
};
const total = shares.raw + shares.fewShot + shares.selfExemplify;
if (!values.out || !Number.isInteger(rows) || rows < 1 || !Number.isInteger(seed) || !(total > 0)) {
  console.error(
    "usage: warmup.ts --rows N --out FILE [--seed N] [--raw SHARE] [--few-shot SHARE] [--self-exemplify SHARE]",
  );
  process.exit(2);
}

const LINES_PER_WRITE = 1000;
const file = openSync(values.out, "w");
let lines: string[] = [];
const flush = (): void => {
  writeSync(file, lines.join(""));
  lines = [];
};
for (const { sample } of warmupRows(seed, rows, shares)) {
  lines.push(`${JSON.stringify(sample)}\n`);
  if (lines.length === LINES_PER_WRITE) flush();
}
flush();
closeSync(file);
