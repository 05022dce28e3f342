import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { openai } from "../../../toolcalls/dialects/openai.ts";
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import { DocumentAnalysis, type Surroundings } from "../../analysis/documentAnalysis.ts";
import { FactIndex } from "../../analysis/facts.ts";
import { RuleSet } from "../../analysis/ruleSet.ts";
import { ScopedTool, ToolScope } from "../../analysis/scope.ts";
import { DEFAULT_LIMITS } from "../../records/scan.ts";
import { codeActions, fixAll } from "../codeActions.ts";

const parameters = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer", minimum: 1 },
    unit: { type: "string", enum: ["celsius", "fahrenheit"] },
    detail: { type: "boolean" },
    place: { type: "object", properties: { lat: { type: "number" }, name: { type: "string" } }, required: ["lat"] },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["city", "days"],
};
const definition = { type: "function", function: { name: "get_weather", parameters } };
const origin = {
  file: "a.tools.json",
  start: { line: 0, character: 0 },
  text: () => "",
  locate: () => ({ start: zero(), end: zero() }),
};
const zero = () => ({ line: 0, character: 0 });
const scope = ToolScope.of(openai.read(definition, Ref.root).tools.map((tool) => new ScopedTool(tool, origin)));

const surroundings = (): Surroundings => ({
  rules: RuleSet.standard,
  limits: DEFAULT_LIMITS,
  facts: new FactIndex(),
  scopeOf: () => scope,
});

const odd = fc.constantFrom(
  "Oslo",
  "3",
  "3.0",
  "true",
  "None",
  "Celsius",
  "FAHRENHEIT",
  'é😀 "x"\\',
  "",
  "[1]",
  '{"lat":1}',
);
const scalar = fc.oneof(
  odd,
  fc.integer({ min: -2, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(12345678901234567890n),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("lat", "name", "lon"), scalar),
);
const values = fc.dictionary(fc.constantFrom("city", "days", "unit", "detail", "place", "tags", "citty", "é"), value);

/** JSON in which an integer of any size is written out. */
const written = (one: unknown, spaces: string): string => {
  if (typeof one === "bigint") return String(one);
  if (Array.isArray(one)) return `[${one.map((item) => written(item, spaces)).join(`,${spaces}`)}]`;
  if (typeof one !== "object" || one === null) return JSON.stringify(one);
  return `{${Object.entries(one)
    .map(([key, item]) => `${JSON.stringify(key)}${spaces}:${spaces}${written(item, spaces)}`)
    .join(`,${spaces}`)}}`;
};

/** Some letters in strings as escapes. */
const escaped = (json: string): string => json.replaceAll("i", "\\u0069");

interface Row {
  args: Record<string, unknown>;
  spaces: string;
  escapes: boolean;
  form: "object" | "string" | "chat" | "wrapped";
  name: string;
}

const row: fc.Arbitrary<Row> = fc.record({
  args: values,
  spaces: fc.constantFrom("", " ", "\t"),
  escapes: fc.boolean(),
  form: fc.constantFrom("object", "string", "chat", "wrapped"),
  name: fc.constantFrom("get_weather", "get_weather", "get_wether"),
});

function text({ args, spaces, escapes, form, name }: Row): string {
  const object = escapes ? escaped(written(args, spaces)) : written(args, spaces);
  const inString = JSON.stringify(object);
  const call = `{"name":"${name}",${spaces}"arguments":${form === "object" ? object : inString}}`;
  if (form === "chat")
    return `{"messages":[{"role":"user","content":"é😀"},{"role":"assistant","tool_calls":[{"type":"function","function":${call}}]}],"tools":[${JSON.stringify(definition)}]}`;
  const answer = form === "wrapped" ? `{"type":"function","function":${call}}` : call;
  return `{"id":"é😀",${spaces}"query":"q","tools":["get_weather","get_weather"],"answer":[${answer}]}`;
}

function findings(document: string): { rule: string; message: string; line: number }[] {
  const analysis = new DocumentAnalysis("a.samples.jsonl", document, surroundings());
  while (!analysis.advance(50));
  return analysis
    .findings(Number.POSITIVE_INFINITY)
    .findings.map(({ finding: { rule, message }, range }) => ({ rule, message, line: range.start.line }));
}

const UNCOVERED = /^argument-/;

test("a fix takes a finding away, adds none, and touches no other line", () => {
  const offered = new Map<string, number>();
  fc.assert(
    fc.property(row, fc.constantFrom("\n", "\r\n"), (one, end) => {
      const before = `${text(one)}${end}${text({ ...one, args: { city: "Bergen", days: 1 }, name: "get_weather" })}${end}`;
      const analysis = new DocumentAnalysis("a.samples.jsonl", before, surroundings());
      const found = findings(before);
      const wholeLine = { start: zero(), end: { line: 0, character: text(one).length } };
      const actions = codeActions(analysis, {
        textDocument: { uri: "u" },
        range: wholeLine,
        context: { diagnostics: [], only: ["quickfix"] },
      });
      for (const { title, edit } of actions) {
        const after = TextDocument.applyEdits(TextDocument.create("", "", 1, before), edit?.changes?.u ?? []);
        const left = findings(after);
        const count = (list: typeof found, rule: string): number => list.filter((each) => each.rule === rule).length;
        const mended = [...new Set(found.map(({ rule }) => rule))].filter(
          (rule) => count(left, rule) < count(found, rule),
        );
        assert.notDeepEqual(mended, [], title);
        for (const rule of mended) offered.set(rule, (offered.get(rule) ?? 0) + 1);
        const uncovers = mended.includes("unknown-tool") || mended.includes("arguments-not-object");
        for (const { rule, message } of left) {
          const twice = (list: typeof found): number =>
            list.filter((each) => each.rule === rule && each.message === message).length;
          assert.ok(twice(left) <= twice(found) || (uncovers && UNCOVERED.test(rule)), `${title} adds ${message}`);
        }
        assert.deepEqual(after.split(end).slice(1), before.split(end).slice(1), title);
      }
    }),
    { seed: 7, numRuns: 150 },
  );
  const kinds = ["argument-type", "argument-enum", "argument-missing", "argument-unknown", "arguments-form"];
  for (const rule of [...kinds, "unknown-tool", "duplicate-tool"])
    assert.ok((offered.get(rule) ?? 0) > 0, `${rule} was mended`);
});

test("fixing all of a rule leaves none that a single fix would take away, and keeps large numbers", () => {
  const big = `{"id":"a","query":"q","tools":["get_weather"],"answer":[{"name":"get_weather","arguments":{"city":12345678901234567890,"days":"2","detail":"TRUE","tags":["x",5]}}]}`;
  const analysis = new DocumentAnalysis("a.samples.jsonl", `${big}\n${big}\n`, surroundings());
  const after = TextDocument.applyEdits(
    TextDocument.create("", "", 1, `${big}\n${big}\n`),
    fixAll(analysis, "argument-type"),
  );
  const expected = big
    .replace("12345678901234567890", '"12345678901234567890"')
    .replace('"2"', "2")
    .replace('"TRUE"', "true")
    .replace(",5", ',"5"');
  assert.equal(after, `${expected}\n${expected}\n`);
});
