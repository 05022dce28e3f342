/** Inputs that have broken readers of JSON before. Each is looked at as in the editor, to the end. */
import assert from "node:assert/strict";
import test from "node:test";
import { ToolScope } from "./analysis/scope.ts";
import { analyzed, findingsOf, surroundings } from "./testing/findings.ts";

const FILE = "a.samples.jsonl";
const good = (id: string): string => `{"id":"${id}","query":"Question ${id}","tools":[],"answer":[]}`;
const found = (text: string, file = FILE): string[] => findingsOf(analyzed(file, text));

/** A sample in the chat format whose only tool has these parameters, and is called with these arguments. */
function chat(parameters: object, values: object): string {
  const call = { type: "function", function: { name: "f", arguments: JSON.stringify(values) } };
  return JSON.stringify({
    messages: [
      { role: "user", content: "?" },
      { role: "assistant", content: "", tool_calls: [call] },
    ],
    tools: [{ type: "function", function: { name: "f", description: "Does it.", parameters } }],
  });
}

const rulesOf = (findings: readonly string[]): string[] => findings.map((line) => line.split(" ")[1] ?? "");

test("a line of thirty million characters is one finding, and its neighbours are read", () => {
  const long = `{"id":"b","query":"${"x".repeat(30_000_000)}","tools":[],"answer":[]}`;
  assert.deepEqual(found([good("a"), long, good("a")].join("\n")), [
    "1:0-1 record-too-long",
    "2:6-9 duplicate-id",
    "2:18-30 duplicate-sample",
  ]);
});

test("an array of thirty million characters that never closes is one finding", () => {
  const text = `[${'{"id":"a"},'.repeat(3_000_000)}`;
  assert.deepEqual(found(text, "a.samples.json"), ["0:0-1 record-too-long"]);
});

test("a hundred thousand levels are one finding, closed or not, of arrays or objects", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    for (const ends of [close.repeat(100_000), ""]) {
      const text = `${open.repeat(100_000)}${ends}`;
      const at = 100 * open.length;
      assert.deepEqual(found(`${good("a")}\n${text}`), [`1:${at}-${at + 1} record-too-deep`]);
    }
  }
});

test("nesting inside a string is bounded as well", () => {
  const inner = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const record = chat({ type: "object", properties: {} }, {}).replace('"{}"', JSON.stringify(inner));
  assert.deepEqual(rulesOf(found(record)), ["arguments-not-json"]);
});

test("lone surrogates, raw and escaped, are text like any other, and places behind them hold", () => {
  const raw = `{"id":"a","query":"\ud800 x","tools":["x","x"],"answer":[]}`;
  const escaped = `{"id":"b","query":"\\ud800 y","tools":["x","x"],"answer":[]}`;
  const at = [raw, escaped].map((text) => text.lastIndexOf('"x"'));
  assert.deepEqual(found(`${raw}\n${escaped}`), [
    `0:${at[0]}-${Number(at[0]) + 3} duplicate-tool`,
    `1:${at[1]}-${Number(at[1]) + 3} duplicate-tool`,
  ]);
});

test("a byte-order mark moves no column, and inside the text it is a fault", () => {
  assert.deepEqual(found(`\ufeff${good("a")}\n${good("a")}`), ["1:6-9 duplicate-id", "1:18-30 duplicate-sample"]);
  assert.deepEqual(found(`${good("a")}\n\ufeff${good("b")}`), ["1:0-1 json-syntax"]);
});

test("line ends may be mixed", () => {
  const text = `${good("a")}\r\n${good("b")}\n${good("c")}\r${good("a")}\r\n\r\n`;
  assert.deepEqual(found(text), ["3:6-9 duplicate-id", "3:18-30 duplicate-sample"]);
});

test("of duplicate keys the last holds, and a finding says so", () => {
  assert.deepEqual(found('{"id":"a","query":"q","tools":[],"answer":[],"query":"r"}'), ["0:45-52 duplicate-key"]);
});

test("__proto__ and constructor are keys like any other", () => {
  const open = { type: "object", properties: { a: { type: "string" } } };
  const record = chat(open, { a: "x" }).replace(
    '{\\"a\\":\\"x\\"}',
    '{\\"a\\":\\"x\\",\\"__proto__\\":{\\"b\\":1},\\"constructor\\":1}',
  );
  assert.deepEqual(rulesOf(found(record)), ["argument-unknown", "argument-unknown"]);
  const named = '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}';
  const declared = chat({}, {}).replace('"parameters":{}', `"parameters":${named}`);
  assert.deepEqual(rulesOf(found(declared)), ["argument-missing"]);
  assert.equal(Object.hasOwn(Object.prototype, "b"), false);
});

test("1e999 is no number of a double, and is neither an integer nor a crash", () => {
  const schema = { type: "object", properties: { n: { type: "integer", maximum: 10 } }, required: ["n"] };
  const record = chat(schema, { n: 1 }).replace('\\"n\\":1', '\\"n\\":1e999');
  const rules = rulesOf(found(record));
  assert.ok(rules.length > 0 && rules.every((rule) => /^argument-(type|constraint)$/.test(rule)), rules.join());
});

test("integers above 2^53 stay exact: neighbours that are one double are two samples", () => {
  const row = (id: string, number: string): string =>
    `{"id":"${id}","query":"q","tools":["x"],"answer":[{"name":"x","arguments":{"n":${number}}}]}`;
  assert.deepEqual(found(`${row("a", "9007199254740992")}\n${row("b", "9007199254740993")}`), []);
  assert.deepEqual(rulesOf(found(`${row("a", "9007199254740993")}\n${row("b", "9007199254740993")}`)), [
    "duplicate-sample",
  ]);
});

test("patterns that cost a backtracking engine centuries are answered", () => {
  const text = `${"a".repeat(50_000)}!`;
  for (const pattern of ["^(a+)+$", "^(a|aa)+$", "(.*a){25}$", "^(([a-z])+.)+[A-Z]([a-z])+$"]) {
    const schema = { type: "object", properties: { s: { type: "string", pattern } } };
    for (const rule of rulesOf(found(chat(schema, { s: text })))) assert.match(rule, /^argument-constraint$/);
  }
});

test("references that lead in a circle end", () => {
  for (const schema of [
    { $ref: "#" },
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    { type: "object", properties: { next: { $ref: "#" } } },
    { allOf: [{ $ref: "#" }] },
  ])
    for (const rule of rulesOf(found(chat(schema, { next: { next: { next: {} } } }))))
      assert.match(rule, /^(argument|schema)-/);
});

test("a reference to another host is never fetched, and constrains nothing", () => {
  const { fetch } = globalThis;
  let fetched = 0;
  globalThis.fetch = () => {
    fetched++;
    return Promise.reject(new Error("no"));
  };
  try {
    const schema = { type: "object", properties: { a: { $ref: "https://example.com/a.json" } } };
    assert.deepEqual(rulesOf(found(chat(schema, { a: 1 }))), ["schema-reference"]);
    assert.equal(fetched, 0);
  } finally {
    globalThis.fetch = fetch;
  }
});

test("forty thousand faults in one record are all found, and shown up to the cap", () => {
  const tools = Array.from({ length: 40_000 }, (_, index) => `{"name":"bad name ${index}","parameters":{}}`);
  const record = `{"tools":[${tools.join()}],"conversations":[],"answer":[]}`;
  const analysis = analyzed("a.jsonl", record, { ...surroundings(), scopeOf: () => ToolScope.unknown });
  const { findings, total } = analysis.findings(1000);
  assert.equal(findings.length, 1000);
  assert.ok(total >= 40_000, String(total));
});
