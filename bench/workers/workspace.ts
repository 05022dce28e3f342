/** Indexes a workspace around one open file, then looks tools up. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DocumentAnalysis } from "../../server/language/analysis/documentAnalysis.ts";
import { FactIndex } from "../../server/language/analysis/facts.ts";
import { RuleSet } from "../../server/language/analysis/ruleSet.ts";
import { ChosenDialects } from "../../server/language/chosenDialects.ts";
import { DEFAULT_LIMITS } from "../../server/language/records/scan.ts";
import { Neighbours } from "../../server/language/workspace/neighbours.ts";
import { ToolIndex } from "../../server/language/workspace/toolIndex.ts";
import type { Indexed } from "../language/workspace.ts";

const { folder } = JSON.parse(process.argv[2] ?? "{}") as { folder: string };
const file = join(folder, "heldout.samples.jsonl");
const facts = new FactIndex();
const tools = new ToolIndex();
const analysis = new DocumentAnalysis(file, readFileSync(file, "utf8"), {
  rules: RuleSet.standard,
  limits: DEFAULT_LIMITS,
  facts,
  scopeOf: (sample, from) => tools.scopeOf(sample, from),
});
const started = performance.now();
const before = process.cpuUsage();
const neighbours = new Neighbours(tools, facts);
const open = new Map([[file, analysis]]);
const options = { limits: DEFAULT_LIMITS, dialects: ChosenDialects.none };
await Promise.all([neighbours.readTools(open, options), neighbours.readFacts(open, options)]);
const { user, system } = process.cpuUsage(before);
const wall = performance.now() - started;

const names = tools.scopeOfFile(file).names();
const lookups = Array.from({ length: 1000 }, (_, index) => {
  const name = names[(index * 4999) % names.length] ?? "";
  const from = performance.now();
  const tool = tools.scopeOfFile(file).find(name);
  if (tool === undefined) throw new Error(`There is no ${name}`);
  tool.origin.locate(tool.tool.nameRef);
  return performance.now() - from;
});
const indexed: Indexed = { cpu: (user + system) / 1000, wall, lookups, memory: process.memoryUsage().rss };
console.log(JSON.stringify(indexed));
