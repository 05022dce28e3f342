import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dialectNamed } from "../../toolcalls/dialects/index.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { noCounts, type ValidateOptions, validateFiles } from "./validateFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "toolexpander-validate-"));
after(() => rmSync(folder, { recursive: true }));

const row = (id: number): string => JSON.stringify({ id: `row-${id}`, query: `Hello ${id}`, tools: [], answer: [] });

async function check(text: string, options: Partial<ValidateOptions> = {}) {
  const file = join(folder, "a.samples.jsonl");
  writeFileSync(file, text);
  const counts = noCounts();
  const found: string[] = [];
  for await (const batch of validateFiles([file], { rules: RuleSet.standard, counts, ...options }))
    for (const { finding, record, range } of batch) found.push(`${record} ${range.start.line} ${finding.rule}`);
  return { file, found, counts };
}

test("what is counted meanwhile is true at the end", async () => {
  const rows = Array.from({ length: 3000 }, (_, id) => row(id)).join("\n\n");
  const { file, found, counts } = await check(rows);
  assert.deepEqual(found, []);
  assert.equal(counts.bytes, statSync(file).size);
  assert.deepEqual([...counts.records], [[file, 3000]]);
  assert.equal(counts.uncompared, 0);
});

test("records beyond the bound are checked alone and counted", async () => {
  const rows = [0, 1, 0, 2, 0].map(row);
  const all = await check(`${rows.join("\n")}\n{"id":1}\n`);
  const twice = (line: number): string[] => [`${line} ${line} duplicate-id`, `${line} ${line} duplicate-sample`];
  const shape = all.found.filter((one) => one.endsWith("record-shape"));
  assert.ok(shape.length > 0);
  assert.deepEqual(all.found, [...shape, ...twice(2), ...twice(4)]);
  const bounded = await check(`${rows.join("\n")}\n{"id":1}\n`, { mostCompared: 3 });
  assert.deepEqual(bounded.found, [...shape, ...twice(2)]);
  assert.equal(bounded.counts.uncompared, 2);
});

test("a file is read in the dialect that is named for it", async () => {
  const asked: string[] = [];
  const dialectOf = (one: string) => {
    asked.push(one);
    return dialectNamed("experiment");
  };
  const { file, found } = await check(`${row(0)}\n${row(0)}\n`, { dialectOf });
  assert.deepEqual([...new Set(asked)], [file]);
  assert.ok(found.every((one) => !one.endsWith("duplicate-id")));
});
