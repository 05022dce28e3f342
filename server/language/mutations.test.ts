/** Mutated records through everything that a record goes through; TOOLEXPANDER_MUTATIONS names another number of them. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Dialect } from "../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../toolcalls/dialects/index.ts";
import { analyzeAcross, analyzeRecord } from "./analysis/analyzeRecord.ts";
import { FactIndex } from "./analysis/facts.ts";
import type { Finding } from "./analysis/finding.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { type Origin, ScopedTool, ToolScope } from "./analysis/scope.ts";
import { ParsedRecord } from "./records/parsedRecord.ts";
import { RecordDocument } from "./records/recordDocument.ts";
import { mutate, randomStream } from "./testing/mutate.ts";

const COUNT = Number(process.env.TOOLEXPANDER_MUTATIONS ?? 100_000);
/** Records of one file, and longest record: a hundred thousand have to pass in seconds. */
const OF_FILE = 40;
const LONGEST = 1200;
/** Records whose facts meet in one index. */
const TOGETHER = 50;

interface Original {
  text: string;
  dialect: Dialect | undefined;
}

const root = path.resolve(import.meta.dirname, "../..");

function originals(): Original[] {
  const corpus = path.resolve(root, "../shared/corpus");
  const files = existsSync(corpus)
    ? globSync(
        "{api-bank,bfcl,hammer,llama-factory,mcp,mistral-finetune,ms-swift,qwen-agent,tau-bench,toolrl,trl,verl}/**/*.{json,jsonl}",
        { cwd: corpus },
      ).map((name) => path.join(corpus, name))
    : [];
  files.push(
    ...globSync("examples/quickstart/**/*.{jsonl,tools.json}", { cwd: root }).map((name) => path.join(root, name)),
  );
  return files.sort().flatMap((file) => {
    const document = new RecordDocument(file, readFileSync(file, "utf8"));
    const texts: string[] = [];
    for (let index = 0; index < document.count && texts.length < OF_FILE; index++) {
      const text = document.slot(index)?.text;
      if (text !== undefined && text.length <= LONGEST) texts.push(text);
    }
    const dialect = detectDialect(texts.map((text) => ParsedRecord.parse(text).value));
    return texts.map((text) => ({ text, dialect }));
  });
}

test(`${COUNT} mutated records are read, and every finding is a place in its record and a plain sentence`, () => {
  const all = originals();
  assert.ok(all.length >= 100, "there are records to mutate");
  const random = randomStream(20_260);
  const draw = (): Original => all[Math.floor(random() * all.length)] ?? { text: "", dialect: undefined };
  const found = new Set<string>();
  let index = new FactIndex();
  let tools: ScopedTool[] = [];
  for (let count = 0; count < COUNT; count++) {
    if (count % TOGETHER === 0) [index, tools] = [new FactIndex(), []];
    const { text, dialect } = draw();
    const mutated = mutate(text, draw().text, random);
    const scope = ToolScope.of(tools);
    try {
      const record = ParsedRecord.parse(mutated);
      const origin = originOf(record);
      const input = { record, dialect, origin, rules: RuleSet.standard, scopeOf: () => scope };
      const { reading, facts, findings } = analyzeRecord(input);
      index.add(origin, facts);
      tools.push(...reading.tools.slice(0, 3).map((tool) => new ScopedTool(tool, origin)));
      const across = analyzeAcross({ ...input, locator: record.locator }, facts, index);
      for (const finding of [...findings, ...across]) {
        found.add(finding.rule);
        checkFinding(finding, mutated);
      }
    } catch (error) {
      throw new Error(`Mutation ${count}: ${JSON.stringify(mutated)}`, { cause: error });
    }
  }
  assert.ok(found.size >= Math.min(15, COUNT / 1000), `only ${[...found].join()} were found`);
});

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

function checkFinding({ span, message, related }: Finding, text: string): void {
  assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify({ span, message }));
  assert.ok(message.length < 2000 && !CONTROL.test(message), JSON.stringify(message));
  for (const { origin, ref } of related) origin.locate(ref);
}

let lines = 0;

function originOf(record: ParsedRecord): Origin {
  const start = { line: lines++, character: 0 };
  return {
    file: "/mutated.jsonl",
    start,
    text: () => record.text,
    locate(ref) {
      const { start: from, end } = record.locator.locate(ref);
      return { start: { ...start, character: from }, end: { ...start, character: end } };
    },
  };
}
