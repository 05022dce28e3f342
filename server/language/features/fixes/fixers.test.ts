/** Every quick fix, made in a record: the finding is gone, no other has come, and nothing else has changed. */
import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { openai } from "../../../toolcalls/dialects/openai.ts";
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import { ScopedTool, ToolScope } from "../../analysis/scope.ts";
import { analyzed, surroundings } from "../../testing/findings.ts";
import { codeActions } from "../codeActions.ts";
import { FIXABLE_RULES, fixerOf } from "./index.ts";

const start = { line: 0, character: 0 };
const origin = { file: "a.tools.json", start, text: () => "", locate: () => ({ start, end: start }) };
const parameters = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer" },
    unit: { type: "string", enum: ["celsius", "kelvin"] },
    wind: { type: "boolean" },
    place: { type: "object", properties: { lat: { type: "number" }, name: { type: "string" } }, required: ["lat"] },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["city"],
};
const definition = { type: "function", function: { name: "forecast", parameters } };
const scope = ToolScope.of(openai.read(definition, Ref.root).tools.map((tool) => new ScopedTool(tool, origin)));
const around = () => ({ ...surroundings(), scopeOf: () => scope });

/** A sample of ours, the same with JSON in a string, and one whose calls are Python in a text. */
const sample = (call: string): string => `{"id":"a","query":"é😀","tools":["forecast"],"answer":[${call}]}`;
const made = (args: string): string => sample(`{"name":"forecast", "arguments":${args}}`);
const chat = (args: string): string =>
  `{"messages":[{"role":"user","content":"?"},{"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"forecast","arguments":${JSON.stringify(args)}}}]}],"tools":[${JSON.stringify(definition)}]}`;
const python = (calls: string): string =>
  JSON.stringify({
    system: `Here is a list of functions in JSON format that you can invoke:\n${JSON.stringify([definition.function])} Answer with [func1(a=b)].`,
    conversations: [
      { from: "user", value: "?" },
      { from: "assistant", value: calls },
    ],
  });
const schema = (property: string): string =>
  `{"type":"function","function":{"name":"f","parameters":{"type":"object", "properties":{"a":${property}, "b":{"type":"string"}}}}}`;
const catalogTool = (rest: string): string => `{"name":"f","description":"F."${rest}}`;
/** Schemas of ToolRL's prompts, as Python's repr. */
const repr = (parameter: string): string =>
  JSON.stringify({
    instruction: `**Available Tools**\n1. Name: f\nDescription: F.\nParameters: {'a': ${parameter}, 'b': {'type': 'string'}}\n\n**Steps for Each Turn**\n`,
    input: "?",
    output: '<tool_call>\n{"name": "f", "parameters": {"b": "x"}}\n</tool_call>',
  });

/** Rule, title of the fix, the record and what it becomes. */
const CASES: readonly [rule: string, title: string, before: string, after: string][] = [
  ["argument-type", "Write 3", made('{"city":"Oslo", "days":"3"}'), made('{"city":"Oslo", "days":3}')],
  ["argument-type", 'Write "3"', chat('{"city": 3}'), chat('{"city": "3"}')],
  ["argument-type", 'Write ["x"]', made('{"city":"Oslo","tags":"x"}'), made('{"city":"Oslo","tags":["x"]}')],
  [
    "argument-type",
    "Write true",
    python("[forecast(city='Oslo', wind='True')]"),
    python("[forecast(city='Oslo', wind=True)]"),
  ],
  [
    "argument-type",
    "Write 3",
    python("[forecast(city='Oslo', days='3', wind=False)]"),
    python("[forecast(city='Oslo', days=3, wind=False)]"),
  ],
  ["argument-type", 'Write "7"', python("[forecast(city=7)]"), python('[forecast(city="7")]')],
  [
    "argument-type",
    "Write 1.5",
    python(`[forecast(city="Oslo", place={'lat': '1.5', 'name': 'x'})]`),
    python(`[forecast(city="Oslo", place={'lat': 1.5, 'name': 'x'})]`),
  ],
  [
    "argument-enum",
    'Write "celsius"',
    made('{"city":"Oslo","unit":"Celsius"}'),
    made('{"city":"Oslo","unit":"celsius"}'),
  ],
  [
    "argument-enum",
    'Write "celsius"',
    python("[forecast(city='Oslo', unit='Celsius'), forecast(city='Bergen')]"),
    python("[forecast(city='Oslo', unit='celsius'), forecast(city='Bergen')]"),
  ],
  ["argument-missing", 'Add "city": ""', made('{"days":1}'), made('{"days":1,"city": ""}')],
  ["argument-missing", 'Add "city": ""', python("[forecast(days=1)]"), python('[forecast(days=1, city="")]')],
  ["argument-missing", 'Add "city": ""', python("[forecast()]"), python('[forecast(city="")]')],
  [
    "argument-missing",
    'Add "lat": 0',
    python("[forecast(city='Oslo', place={'name': 'x',})]"),
    python("[forecast(city='Oslo', place={'name': 'x','lat': 0})]"),
  ],
  ["argument-unknown", 'Rename to "days"', made('{"city":"Oslo","dayz":1}'), made('{"city":"Oslo","days":1}')],
  ["argument-unknown", 'Remove "dayz"', made('{"city":"Oslo","dayz":1}'), made('{"city":"Oslo"}')],
  [
    "argument-unknown",
    'Rename to "days"',
    python("[forecast(dayz=1, city='Oslo')]"),
    python("[forecast(days=1, city='Oslo')]"),
  ],
  ["argument-unknown", 'Remove "dayz"', python("[forecast(dayz=1, city='Oslo')]"), python("[forecast(city='Oslo')]")],
  ["argument-unknown", 'Remove "dayz"', python("[forecast(city='Oslo', dayz=1,)]"), python("[forecast(city='Oslo')]")],
  ["arguments-form", "Write the arguments as an object", made('"{\\"city\\": \\"Oslo\\"}"'), made('{"city":"Oslo"}')],
  [
    "arguments-form",
    "Write the arguments as JSON in a string",
    `{"type":"function_call","call_id":"c","name":"f","arguments":{"city": "Oslo"}}`,
    `{"type":"function_call","call_id":"c","name":"f","arguments":"{\\"city\\":\\"Oslo\\"}"}`,
  ],
  ["arguments-not-object", "Write {}", made("null"), made("{}")],
  [
    "arguments-not-object",
    "Add empty arguments",
    sample('{"name":"forecast"}'),
    sample('{"name":"forecast","arguments": {}}'),
  ],
  [
    "array-items",
    'Add items of type "string"',
    schema('{"type":"array"}'),
    schema('{"type":"array","items": {"type":"string"}}'),
  ],
  ["default-null", "Remove the default", schema('{"type":"string", "default":null}'), schema('{"type":"string"}')],
  [
    "default-type",
    "Write false",
    schema('{"type":"boolean","default":"false"}'),
    schema('{"type":"boolean","default":false}'),
  ],
  [
    "default-type",
    "Write true",
    repr("{'type': 'bool', 'default': 'true'}"),
    repr("{'type': 'bool', 'default': True}"),
  ],
  ["default-type", "Remove the default", repr("{'type': 'bool', 'default': 'x'}"), repr("{'type': 'bool'}")],
  [
    "duplicate-key",
    "Keep only the last of equal keys",
    made('{"city":"Oslo","city":"Rome"}'),
    made('{"city":"Rome"}').replace(", ", ","),
  ],
  [
    "duplicate-tool",
    "Remove it",
    made('{"city":"Oslo"}').replace('["forecast"]', '["forecast","forecast"]'),
    made('{"city":"Oslo"}'),
  ],
  [
    "enum-type",
    "Write [1,2]",
    schema('{"type":"integer","enum":["1","2"]}'),
    schema('{"type":"integer","enum":[1,2]}'),
  ],
  [
    "schema-optional-keyword",
    "Remove `optional`",
    schema('{"type":"string","optional":true}'),
    schema('{"type":"string"}'),
  ],
  [
    "record-shape",
    'Remove "extra"',
    made('{"city":"Oslo"}').replace('"id"', '"extra":1,"id"'),
    made('{"city":"Oslo"}'),
  ],
  [
    "record-shape",
    "Take the call out of its `function`",
    sample('{"type":"function","function":{"name":"forecast","arguments":{"city":"Oslo"}}}'),
    sample('{"name":"forecast","arguments":{"city":"Oslo"}}'),
  ],
  [
    "required-outside-parameters",
    "Move `required` into the parameters",
    catalogTool(',"parameters":{"type":"object","properties":{"a":{"type":"string"}}},"required":["a"]'),
    catalogTool(',"parameters":{"type":"object","properties":{"a":{"type":"string"}},"required": ["a"]}'),
  ],
  [
    "required-outside-parameters",
    "Move `required` into the parameters",
    catalogTool(',"input_schema":{"type":"object","properties":{"a":{"type":"string"}}},"required":["a"]'),
    catalogTool(',"input_schema":{"type":"object","properties":{"a":{"type":"string"}},"required": ["a"]}'),
  ],
  [
    "required-outside-parameters",
    "Remove `required`",
    catalogTool(',"parameters":{"type":"object","properties":{"a":{"type":"string"}}},"required":[]'),
    catalogTool(',"parameters":{"type":"object","properties":{"a":{"type":"string"}}}'),
  ],
  [
    "required-outside-parameters",
    "Remove `required`",
    catalogTool(',"required":null,"parameters":{"type":"object","properties":{"a":{"type":"string"}}}'),
    catalogTool(',"parameters":{"type":"object","properties":{"a":{"type":"string"}}}'),
  ],
  [
    "required-unknown",
    'Write "bb"',
    schema('{"type":"object","properties":{"bb":{"type":"string"}},"required":["bbb"]}'),
    schema('{"type":"object","properties":{"bb":{"type":"string"}},"required":["bb"]}'),
  ],
  [
    "required-unknown",
    'Remove "z" from `required`',
    schema('{"type":"object","properties":{"bb":{"type":"string"}},"required":["z", "bb"]}'),
    schema('{"type":"object","properties":{"bb":{"type":"string"}},"required":["bb"]}'),
  ],
  ["schema-type-name", 'Write "number"', schema('{"type":"float"}'), schema('{"type":"number"}')],
  [
    "schema-type-name",
    'Write "array"',
    schema('{"type":"List[int]"}'),
    schema('{"type":"array","items": {"type":"integer"}}'),
  ],
  ["schema-type-name", 'Write "number"', repr("{'type': 'float'}"), repr("{'type': 'number'}")],
  [
    "schema-type-name",
    'Write "array"',
    repr("{'type': 'List[int]', 'default': None}"),
    repr("{'type': 'array', 'default': None, 'items': {'type': 'integer'}}"),
  ],
  [
    "unknown-tool",
    'Write "forecast"',
    sample('{"name":"forecst","arguments":{"city":"Oslo"}}'),
    sample('{"name":"forecast","arguments":{"city":"Oslo"}}'),
  ],
  ["unknown-tool", 'Write "forecast"', python("[forecst(city='Oslo')]"), python("[forecast(city='Oslo')]")],
];

/** Hermes, with the tools as Python prints them. */
const tagged = (tools: string): string =>
  JSON.stringify({
    text: `<|im_start|>system\nTools: <tools> ${tools} </tools><|im_end|>\n<|im_start|>user\n?<|im_end|>`,
  });

test("a fix in tools that Python printed changes what it names, and no more", () => {
  const tools = (type: string): string =>
    `[{'name': 'f', 'parameters': {'type': 'object', 'properties': {'a': ${type}}}}]`;
  const analysis = analyzed("a.jsonl", tagged(tools("{'type': 'float'}")), around());
  const [action, ...others] = codeActions(analysis, {
    textDocument: { uri: "u" },
    range: { start, end: { line: 0, character: 999 } },
    context: { diagnostics: [], only: ["quickfix"] },
  });
  assert.deepEqual(others, []);
  const document = TextDocument.create("", "", 1, analysis.document.text);
  const after = TextDocument.applyEdits(document, action?.edit?.changes?.u ?? []);
  assert.equal(after, tagged(tools("{'type': 'number'}")));
});

const counted = (text: string): Map<string, number> => {
  const { findings } = analyzed("a.jsonl", text, around()).findings(Number.POSITIVE_INFINITY);
  return new Map([...Map.groupBy(findings, ({ finding }) => finding.rule)].map(([rule, list]) => [rule, list.length]));
};

for (const [rule, title, before, after] of CASES) {
  test(`${rule}: ${title} in ${before.slice(0, 300)}`, () => {
    const analysis = analyzed("a.jsonl", before, around());
    const actions = codeActions(analysis, {
      textDocument: { uri: "u" },
      range: { start, end: { line: 0, character: before.length } },
      context: { diagnostics: [], only: ["quickfix"] },
    });
    const made = actions.filter((action) => action.title === title);
    assert.ok(made.length > 0, `offered: ${actions.map((action) => action.title).join("; ")}`);
    const texts = made.map(({ edit }) =>
      TextDocument.applyEdits(TextDocument.create("", "", 1, before), edit?.changes?.u ?? []),
    );
    assert.ok(texts.includes(after), texts.join("\n"));
    const [had, has] = [counted(before), counted(after)];
    assert.ok((has.get(rule) ?? 0) < (had.get(rule) ?? 0), `${rule} is still there`);
    const uncovered = fixerOf(rule)?.uncovers ?? "nothing";
    for (const [other, count] of has)
      assert.ok(count <= (had.get(other) ?? 0) || other.startsWith(uncovered), `${other} has come`);
  });
}

test("every fixer has a case", () => {
  const tried = new Set(CASES.map(([rule]) => rule));
  assert.deepEqual(
    FIXABLE_RULES.filter((rule) => !tried.has(rule)),
    [],
  );
});
