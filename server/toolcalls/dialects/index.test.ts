import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import { DIALECTS, detectDialect } from "./index.ts";
import { callsOf, type Sample } from "./model.ts";
import { Ref } from "./ref.ts";

test("every file that exports a dialect is in the list, and ids are unique", () => {
  const exporting = readdirSync(import.meta.dirname).filter(
    (name) =>
      name.endsWith(".ts") &&
      !name.endsWith(".test.ts") &&
      name !== "noDialect.ts" &&
      /^export const \w+: Dialect = /m.test(readFileSync(path.join(import.meta.dirname, name), "utf8")),
  );
  assert.equal(DIALECTS.length, exporting.length);
  assert.equal(new Set(DIALECTS.map(({ id }) => id)).size, DIALECTS.length);
});

/** JSON with the keys that dialects look for, so that the readers are really entered. */
const KEYS = [
  "id",
  "query",
  "tools",
  "answer",
  "messages",
  "role",
  "content",
  "tool_calls",
  "function",
  "name",
  "arguments",
  "parameters",
];
const MORE = [
  "properties",
  "question",
  "ground_truth",
  "conversations",
  "from",
  "value",
  "instruction",
  "output",
  "reward_model",
  "result",
];
const hostile = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(
      "user",
      "**Available Tools**\n1. Name: a\nDescription: b\nParameters: {'x': {'type': 'int'}}",
      '{"a":',
      '[{"name":"f"}]',
      "<tool_call>\n{",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS, ...MORE, "__proto__"), tie("value"), { maxKeys: 6 }),
  ),
})).value;

for (const dialect of DIALECTS) {
  test(`${dialect.id} reads any JSON without throwing, and scores it from 0 to 1`, () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const score = dialect.detect(value);
        assert.ok(score >= 0 && score <= 1);
        const { samples, demonstrations, tools } = dialect.read(value, Ref.root);
        for (const sample of [...samples, ...demonstrations]) {
          dialect.writeSample?.(sample);
          for (const call of callsOf(sample)) dialect.writeCall?.(call);
        }
        for (const tool of tools) dialect.writeTool?.(tool);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });
}

const tool = {
  name: "get_weather",
  description: "Weather.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const call = { name: "get_weather", arguments: { city: "Oslo", days: 2 } };

/** A record of each dialect that has samples, all with the same question, tool and call. */
const RECORDS: Readonly<Record<string, unknown>> = {
  toolexpander: { id: "a", query: "Weather?", tools: ["get_weather"], answer: [call] },
  openai: {
    id: "a",
    messages: [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ type: "function", function: { name: call.name, arguments: JSON.stringify(call.arguments) } }],
      },
    ],
    tools: [{ type: "function", function: tool }],
  },
  "tool-n1": { tools: [tool], conversations: [{ from: "human", value: "Weather?" }], answer: [call] },
  toolrl: {
    instruction: `**Available Tools**\n1. Name: get_weather\nDescription: Weather.\nParameters: {"city": {"type": "string"}}\n\n**Steps for Each Turn**\n`,
    input: "Weather?",
    output: `<think> Easy. </think>\n<tool_call>\n{"name": "get_weather", "parameters": {"city": "Oslo", "days": 2}}\n</tool_call>`,
  },
};

for (const [id, record] of Object.entries(RECORDS)) {
  test(`${id} finds question, tool and call of its own record, and what it writes reads the same`, () => {
    const dialect = detectDialect([record]);
    assert.equal(dialect?.id, id);
    const essence = (value: unknown): unknown => {
      const [sample] = dialect?.read(value, Ref.root).samples ?? [];
      return (
        sample && {
          query: sample.query,
          tools: toolNames(sample),
          calls: callsOf(sample).map(({ name, arguments: values }) => ({ name, arguments: { ...values } })),
        }
      );
    };
    assert.deepEqual(essence(record), { query: "Weather?", tools: ["get_weather"], calls: [call] });
    const [sample] = dialect?.read(record, Ref.root).samples ?? [];
    assert.ok(sample);
    assert.deepEqual(essence(dialect?.writeSample?.(sample).value), essence(record));
  });
}

const toolNames = ({ offer }: Sample): string[] =>
  offer.kind === "own"
    ? offer.tools.map(({ name }) => name)
    : offer.kind === "named"
      ? offer.names.map(({ name }) => name)
      : [];

test("tools are found in every list that holds them", () => {
  const mcp = { name: tool.name, inputSchema: tool.parameters };
  const lists: [string, unknown][] = [
    ["openai", { type: "function", function: tool }],
    ["mcp", { jsonrpc: "2.0", id: 1, result: { tools: [mcp] } }],
    ["mcp", { tools: [mcp] }],
    ["mcp", mcp],
    ["bfcl", { ...tool, parameters: { ...tool.parameters, type: "dict" } }],
  ];
  for (const [id, value] of lists) {
    const dialect = detectDialect([value]);
    assert.equal(dialect?.id, id);
    assert.deepEqual(
      dialect?.read(value, Ref.root).tools.map(({ name, parameters }) => [name, Object.keys(Object(parameters))]),
      [["get_weather", ["type", "properties", "required"]]],
    );
  }
});

test("BFCL's answers are lists of allowed values, and the tools are those of their twin", () => {
  const answer = { id: "simple_0", ground_truth: [{ get_weather: { city: ["Oslo", "oslo"], days: [2, ""] } }] };
  const dialect = detectDialect([answer]);
  const [sample] = dialect?.read(answer, Ref.root).samples ?? [];
  assert.equal(sample?.offer.kind, "twin");
  assert.deepEqual(
    sample?.gold?.map(({ name, alternatives }) => [name, alternatives]),
    [["get_weather", true]],
  );
});

test("arguments are read in whatever form they stand", () => {
  const formOf = (value: unknown): unknown => {
    const record = { messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: value } }] }] };
    const [sample] = detectDialect([record])?.read(record, Ref.root).samples ?? [];
    return sample && callsOf(sample)[0]?.form;
  };
  const object = { a: 1 };
  assert.equal(formOf(object), "object");
  assert.equal(formOf(JSON.stringify(object)), "string");
  assert.equal(formOf(JSON.stringify(JSON.stringify(object))), "string-in-string");
  assert.equal(formOf('{"a":'), "not-json");
  assert.equal(formOf(""), "not-json");
  assert.equal(formOf("[1]"), "not-object");
  assert.equal(formOf(null), "not-object");
});
