/** Real files are detected as what they are, and their calls survive being written in every dialect that holds conversations. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { DIALECTS, detectDialect } from "../../toolcalls/dialects/index.ts";
import { callsOf, type Sample } from "../../toolcalls/dialects/model.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { parseExactJson } from "../../toolcalls/json.ts";
import { ParsedRecord } from "./parsedRecord.ts";
import { RecordDocument } from "./recordDocument.ts";

const corpus = path.join(import.meta.dirname, "../../../../shared/corpus");
const withoutCorpus = existsSync(corpus) ? false : "the corpus is not here";

/** The first that matches holds; undefined for files with neither tools nor calls in them. */
const EXPECTED: readonly [RegExp, string | undefined][] = [
  [/^bfcl\/unused_question\/BFCL_v4_chatable/, undefined],
  [/^bfcl\//, "bfcl"],
  [/^llama-factory\/glaive_/, "sharegpt"],
  [/^llama-factory\/reason_/, "llama-factory"],
  [/^llama-factory\//, undefined],
  [/^mcp\/(tools-list|examples-[^/]*\/(Tool|ListTools[^/]*Result[^/]*))\//, "mcp"],
  [/^mcp\/.*\/CreateMessageRequestParams\/(follow-up|request-with-tools)/, "mcp"],
  [/^mcp\/examples.*\.json$/, undefined],
  [/^mistral-finetune\//, "mistral"],
  [/^ms-swift\/agent_samples/, "ms-swift"],
  [/^ms-swift\/tests-data\/chatml/, "openai"],
  [/^ms-swift\/tests-data\/conversations/, "sharegpt"],
  [/^ms-swift\//, undefined],
  [/^qwen-agent\//, "openai"],
  [/^tau-bench\/(.*_tools|historical)/, "openai"],
  [/^toolrl\//, "toolrl"],
  [/^trl\//, "openai"],
];

/** Whose conversations are written below; none of them may claim a file that is not listed above. */
const WRITTEN = new Set([
  "anthropic",
  "hermes",
  "llama-factory",
  "mistral",
  "ms-swift",
  "openai",
  "openai-responses",
  "sharegpt",
]);

function valuesOf(file: string): unknown[] {
  const document = new RecordDocument(file, readFileSync(path.join(corpus, file), "utf8"));
  return Array.from({ length: document.count }, (_, index) => document.slot(index))
    .flatMap((slot) => (slot === undefined ? [] : ParsedRecord.parse(slot.text)))
    .flatMap(({ fault, value }) => (fault === undefined ? [value] : []));
}

const files = (): string[] =>
  globSync("**/*.{json,jsonl}", { cwd: corpus }).filter(
    (file) => !file.startsWith("json-schema-test-suite") && file !== "findings.jsonl",
  );

test("every file of the corpus is detected as its own dialect", { skip: withoutCorpus }, () => {
  const wrong: string[] = [];
  let listed = 0;
  for (const file of files()) {
    const found = detectDialect(valuesOf(file))?.id;
    const expected = EXPECTED.find(([pattern]) => pattern.test(file));
    if (expected !== undefined) listed++;
    if (expected === undefined ? WRITTEN.has(found ?? "") : found !== expected[1]) wrong.push(`${file}: ${found}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(listed > 150, `${listed} files are listed`);
});

test("calls and tools of real conversations survive every dialect", { skip: withoutCorpus }, () => {
  let calls = 0;
  for (const file of files()) {
    const values = valuesOf(file).slice(0, 40);
    const own = detectDialect(values);
    if (own === undefined || !WRITTEN.has(own.id)) continue;
    for (const sample of values.flatMap((value) => own.read(value, Ref.root).samples)) {
      calls += callsOf(sample).length;
      for (const dialect of DIALECTS.filter(({ id }) => WRITTEN.has(id))) {
        const text = JSON.stringify(dialect.writeSample?.(sample).value);
        const { samples, unreadable } = dialect.read(parseExactJson(text), Ref.root);
        assert.equal(shown(samples[0]), shown(sample), `${file} as ${dialect.id}`);
        assert.deepEqual(unreadable, [], `${file} as ${dialect.id}`);
      }
    }
  }
  assert.ok(calls > 200, `${calls} calls were written`);
});

function shown(sample: Sample | undefined): string {
  const calls = sample && callsOf(sample).map((call) => [call.name, call.arguments]);
  const tools = sample?.offer.kind === "own" ? sample.offer.tools : [];
  return JSON.stringify([calls, tools.map(({ name, description, parameters }) => [name, description, parameters])]);
}
