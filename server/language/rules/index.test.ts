import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import { NO_DIALECT } from "../../toolcalls/dialects/noDialect.ts";
import { readTool } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { analyzeAcross, analyzeRecord } from "../analysis/analyzeRecord.ts";
import { FactIndex } from "../analysis/facts.ts";
import type { ProfileId } from "../analysis/profiles.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { type Origin, ScopedTool, ToolScope } from "../analysis/scope.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { RULES } from "./index.ts";

const CATALOG = [
  tool("get_weather", { city: { type: "string" }, units: { type: "string", enum: ["celsius", "kelvin"] } }, ["city"]),
  tool("set_timer", { minutes: { type: "integer", minimum: 1 } }, ["minutes"]),
  tool("get_time", {}, []),
  tool("get_pods", { selector: { type: "string" } }, []),
];

function tool(name: string, properties: object, required: string[]) {
  return { name, parameters: { type: "object", properties, required } };
}

test("every file of the folder is in the list, in the order of the files", () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !["index.ts", "rule.ts"].includes(name))
    .map((name) => name.slice(0, -3));
  assert.equal(RULES.length, files.length);
  const ids = RULES.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, "an id stands twice");
  for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
});

/** These need more than one file or more text than a page should hold; their own tests show them. */
const ELSEWHERE = new Set([
  "experiment-path",
  "held-out-overlap",
  "replacement-answer",
  "replacement-row",
  "replacement-twice",
  "tool-never-demonstrated",
  "record-too-long",
  "record-too-deep",
]);

for (const { id, documentation, profiles = [] } of RULES) {
  if (ELSEWHERE.has(id)) continue;
  test(`the bad example of ${id} gives the finding, the good one does not`, () => {
    const found = rulesFound(documentation.bad, profiles);
    assert.ok(found.includes(id), `found ${found}`);
    assert.ok(!rulesFound(documentation.good, profiles).includes(id));
  });
}

/** Ids of the rules that an example breaks. */
function rulesFound(example: string, profiles: readonly ProfileId[]): string[] {
  const rules = new RuleSet({}, profiles);
  const records = recordsOf(example).map((text) => ParsedRecord.parse(text));
  const dialect = detectDialect(records.map(({ value }) => value)) ?? NO_DIALECT;
  const scope = ToolScope.of(
    CATALOG.flatMap((one) => readTool(one, Ref.root) ?? []).map((one) => new ScopedTool(one, originOf(0))),
  );
  const index = new FactIndex();
  const inputs = records.map((record, line) => ({
    record,
    dialect,
    origin: originOf(line),
    rules,
    scopeOf: () => scope,
  }));
  const analyses = inputs.map((input) => analyzeRecord(input));
  for (const [line, { facts }] of analyses.entries()) index.add(inputs[line]?.origin ?? originOf(line), facts);
  const across = inputs.flatMap((input, line) =>
    analyzeAcross({ ...input, locator: input.record.locator }, analyses[line]?.facts ?? { facts: [] }, index),
  );
  return [...analyses.flatMap(({ findings }) => findings), ...across].map(({ rule }) => rule);
}

function originOf(line: number): Origin {
  const start = { line, character: 0 };
  return { file: "/example.jsonl", start, text: () => "", locate: () => ({ start, end: start }) };
}

/** Records around what an example shows: a call, a schema, a tool, a list of tools, or records as they are. */
function recordsOf(example: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(example);
  } catch {
    return example.split("\n");
  }
  if (isJsonObject(value) && Object.hasOwn(value, "arguments")) {
    return [
      `{"tools":${JSON.stringify(CATALOG)},"conversations":[{"from":"human","value":"?"}],"answer":[${example}]}`,
    ];
  }
  if (Array.isArray(value)) return [`{"tools":${example},"conversations":[],"answer":[]}`];
  const isSchema = isJsonObject(value) && (value.type === "object" || value.type === "dict");
  return [isSchema ? `{"type":"function","function":{"name":"example","parameters":${example}}}` : example];
}
