/** Files that are known to be right have no errors, whatever else may be said of them. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { RuleSet } from "../analysis/ruleSet.ts";
import { found } from "../testing/found.ts";
import { type PlacedFinding, validateFiles } from "./validateFiles.ts";

const corpus = path.resolve(import.meta.dirname, "../../../../shared/corpus");
const skip = existsSync(corpus) ? false : "no corpus beside the repository";

async function errorsIn(files: readonly string[]): Promise<string[]> {
  const errors: PlacedFinding[] = [];
  for await (const batch of validateFiles(files, { rules: RuleSet.standard }))
    errors.push(...batch.filter(({ finding }) => finding.severity === "error"));
  return errors.map(({ file, record, finding }) => `${path.relative(corpus, file)} ${record}: ${finding.message}`);
}

const CONTROLS = [
  "mcp/tools-list/*.json",
  "mcp/examples*/*/*.json",
  "tau-bench/*_tools.json",
  "qwen-agent/*.json",
  "trl/*.jsonl",
  "mistral-finetune/*.json",
];

for (const pattern of CONTROLS) {
  test(`there are no errors in ${pattern}`, { skip }, async () => {
    const files = globSync(pattern, { cwd: corpus }).map((file) => path.join(corpus, file));
    assert.ok(files.length > 0);
    assert.deepEqual(await errorsIn(files), []);
  });
}

test("there are no errors in Glaive's tool schemas", { skip }, () => {
  for (const name of ["glaive_toolcall_en_demo.json", "glaive_toolcall_zh_demo.json"]) {
    const rows: unknown = JSON.parse(readFileSync(path.join(corpus, "llama-factory", name), "utf8"));
    assert.ok(Array.isArray(rows));
    const tools = rows.flatMap(({ tools: text }: { tools: string }): unknown[] => (text ? JSON.parse(text) : []));
    assert.ok(tools.length > 100);
    const errors = tools.flatMap((tool) => found([tool])).filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, []);
  }
});
