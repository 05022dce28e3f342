import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { parseCompletion } from "./completion.ts";

const block = (inside: string): string => `<tool_call>\n${inside}\n</tool_call>`;
const call = (name: string, args: Record<string, unknown> = {}): string =>
  block(JSON.stringify({ name, arguments: args }));

function assertFault(completion: string, fault: RegExp, calls = 0): void {
  const parsed = parseCompletion(completion);
  assert.equal(parsed.formatOk, false, completion.slice(0, 100));
  assert.match(parsed.fault ?? "", fault);
  assert.equal(parsed.calls.length, calls);
}

test("reads one call and several, with text around them", () => {
  assert.deepEqual(parseCompletion(call("f", { a: 1 })), {
    calls: [{ name: "f", arguments: { a: 1 } }],
    formatOk: true,
  });
  const { calls, formatOk } = parseCompletion(`First.\n${call("f")}\nThen:${call("g", { b: [null] })} done <b>`);
  assert.ok(formatOk);
  assert.deepEqual(calls, [
    { name: "f", arguments: {} },
    { name: "g", arguments: { b: [null] } },
  ]);
});

test("a completion without a block is well formed and calls nothing", () => {
  for (const text of ["", "None of the tools can do this.", "{}", "<tool_calls>", "a < b", "\u0000"]) {
    assert.deepEqual(parseCompletion(text), { calls: [], formatOk: true });
  }
});

test("white space inside a block is free and further keys are ignored", () => {
  assert.equal(parseCompletion('<tool_call>{"name":"f","arguments":{}}</tool_call>').formatOk, true);
  assert.equal(parseCompletion(block('\r\n {"id": 3, "arguments": {},\n "name": "f"} \t')).formatOk, true);
});

test("tags inside JSON strings are data", () => {
  const text = call("say", { text: 'use <tool_call> and </tool_call>, "quoted \\' });
  assert.deepEqual(parseCompletion(text).calls[0]?.arguments, { text: 'use <tool_call> and </tool_call>, "quoted \\' });
  assert.equal(parseCompletion(text).formatOk, true);
});

test("names every fault of the format", () => {
  assertFault('<tool_call>\n{"name": "f", "arguments": {}}', /^tool call 1 is never closed$/);
  assertFault(`${call("f")}\n<tool_call>`, /^tool call 2 is never closed$/, 1);
  assertFault(`<tool_call>\n${call("f")}`, /another <tool_call> inside/);
  assertFault("</tool_call>", /stands without/);
  assertFault(`${call("f")}</tool_call>`, /stands without/, 1);
  assertFault(`I end with </tool_call>, thus: ${call("f")}`, /stands without/);
  assertFault(block(""), /is empty/);
  assertFault(block("{'name': 'f', 'arguments': {}}"), /is not JSON/);
  assertFault(block('{"name": "f", "arguments": {}'), /is not JSON/);
  assertFault(block('{"name": "f, "arguments": {}}'), /is not JSON/);
  assertFault(block('{"name": "f'), /is not JSON: a string never ends/);
  assertFault(block('{"name": "f", "arguments": {}}\n{"name": "g", "arguments": {}}'), /is not JSON/);
  assertFault(block('[{"name": "f", "arguments": {}}]'), /is not a JSON object/);
  assertFault(block("12345678901234567890"), /is not a JSON object/);
  assertFault(block('{"arguments": {}}'), /has no "name"/);
  assertFault(block('{"name": 3, "arguments": {}}'), /"name"/);
  assertFault(block('{"name": "", "arguments": {}}'), /"name"/);
  assertFault(block('{"name": "f"}'), /has no "arguments"/);
  assertFault(block('{"name": "f", "parameters": {}}'), /has no "arguments"/);
  for (const args of ['"{}"', "[]", "null", "3", "12345678901234567890"]) {
    assertFault(block(`{"name": "f", "arguments": ${args}}`), /"arguments" that are not a JSON object/);
  }
  assertFault(block('{"__proto__": {"name": "f", "arguments": {}}}'), /has no "name"/);
});

test("deep nesting is a fault, not a stack overflow", () => {
  const deep = 200_000;
  assertFault(block(`{"name": "f", "arguments": {"a": ${"[".repeat(deep)}${"]".repeat(deep)}}}`), /nested deeper/);
  assertFault(block('{"a":'.repeat(deep)), /nested deeper/);
});

test("keys that JavaScript treats specially stay data", () => {
  const [parsed] = parseCompletion(block('{"name": "f", "arguments": {"__proto__": {"polluted": 1}}}')).calls;
  assert.ok(Object.hasOwn(parsed?.arguments ?? {}, "__proto__"));
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("long hostile completions are read in one pass", () => {
  const times = 100_000;
  for (const piece of [
    "<tool_call>",
    "</tool_call>",
    '<tool_call>"',
    "<tool_call",
    '"',
    '\\"<',
    "{",
    "<tool_call>\n\\",
  ]) {
    assert.equal(typeof parseCompletion(piece.repeat(times)).formatOk, "boolean");
  }
  assert.equal(parseCompletion(call("f").repeat(times / 10)).calls.length, times / 10);
});

test("whatever a model writes, parsing ends and a fault is present exactly when the format is wrong", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "<tool_call>",
      "</tool_call>",
      "\n",
      '"',
      "\\",
      "{",
      "}",
      '{"name":"f","arguments":{}}',
      "\u001b[31m",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const { formatOk, fault } = parseCompletion(pieces.join(""));
      assert.equal(formatOk, fault === undefined);
      assert.doesNotMatch(fault ?? "", /[\p{Cc}\p{Cf}]/u);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("calls survive the way into a completion and back", () => {
  const argument = fc.jsonValue({ maxDepth: 4 });
  const calls = fc.array(
    fc.record({ name: fc.string({ minLength: 1 }), arguments: fc.dictionary(fc.string(), argument) }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(calls, (written) => {
      const text = written.map((each) => block(JSON.stringify(each))).join(" and ");
      const read = parseCompletion(text);
      assert.ok(read.formatOk);
      assert.equal(JSON.stringify(read.calls), JSON.stringify(written));
    }),
    { seed: 4, numRuns: 300 },
  );
});
