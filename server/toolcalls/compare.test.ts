import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import type { ToolCall } from "../../schemas/samples.ts";
import { sameCalls, sameValue } from "./compare.ts";
import { readJsonLines } from "./documents.ts";
import { isJsonObject, parseExactJson } from "./json.ts";

const call = (name: string, args: object = {}): ToolCall => ({ name, arguments: args });
const same = (left: object, right: object): boolean => sameCalls([call("f", left)], [call("f", right)]);

test("arguments are equal as JSON values", () => {
  assert.ok(same({ a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1.0 }));
  for (const [gold, predicted] of [
    [{ a: 1 }, { a: "1" }],
    [{ a: 1 }, { a: true }],
    [{ a: 0 }, { a: false }],
    [{ a: 0 }, { a: null }],
    [{ a: "" }, { a: null }],
    [{ a: null }, {}],
    [{ a: undefined }, { b: undefined }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: [1] }, { a: [1, 1] }],
    [{ a: [] }, { a: {} }],
    [{ a: ["x"] }, { a: { 0: "x" } }],
    [{ a: "Paris" }, { a: "paris" }],
    [{ a: "x " }, { a: "x" }],
    [{ a: "\u00e9" }, { a: "e\u0301" }],
    [{ a: 1 }, { a: 1, b: 1 }],
  ] as const) {
    assert.ok(!same(gold, predicted), `${JSON.stringify(gold)} ${JSON.stringify(predicted)}`);
    assert.ok(!same(predicted, gold), `${JSON.stringify(predicted)} ${JSON.stringify(gold)}`);
  }
});

test("own keys alone count", () => {
  const own = (text: string): object => parseExactJson(text) as object;
  assert.ok(!same(own('{"__proto__": {"a": 1}}'), {}));
  assert.ok(!same(own('{"__proto__": {"a": 1}}'), own('{"b": {"a": 1}}')));
  assert.ok(same(own('{"__proto__": {"a": 1}}'), own('{"__proto__": {"a": 1}}')));
  assert.ok(!same(own('{"__proto__": {}}'), { b: 1 }));
  assert.ok(!same(own('{"toString": null}'), own('{"valueOf": null}')));
});

test("large integers are told apart digit by digit", () => {
  const id = (digits: string): object => parseExactJson(`{"id": ${digits}}`) as object;
  assert.ok(!same(id("1234567890123456789"), id("1234567890123456788")));
  assert.ok(same(id("1234567890123456789"), id("1234567890123456789.0")));
  assert.ok(!same(id("1234567890123456789"), { id: "1234567890123456789" }));
  assert.ok(!same(id("1234567890123456789"), { id: { rawJSON: "1234567890123456789" } }));
});

test("calls are a multiset: order is free, repetition counts", () => {
  const [f, g] = [call("f", { x: 1 }), call("g")];
  assert.ok(sameCalls([], []));
  assert.ok(sameCalls([f, g], [g, f]));
  assert.ok(sameCalls([f, f, g], [f, g, f]));
  assert.ok(!sameCalls([f, f, g], [f, g, g]));
  assert.ok(!sameCalls([f], [f, f]));
  assert.ok(!sameCalls([f, f], [f]));
  assert.ok(!sameCalls([f], []));
  assert.ok(!sameCalls([], [f]));
  assert.ok(!sameCalls([f], [call("F", { x: 1 })]));
});

test("nesting beyond what the parser reads is different, not a stack overflow", () => {
  const deep = (): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < 100_000; level++) value = [value];
    return value;
  };
  assert.equal(sameValue(deep(), deep()), false);
});

test("equality holds under shuffling of calls and keys, and breaks under any change of a value", () => {
  const args = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  const calls = fc.array(fc.record({ name: fc.constantFrom("f", "g", "h"), arguments: args }), { maxLength: 5 });
  const reversedKeys = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversedKeys);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, reversedKeys(inner)]),
    );
  };
  fc.assert(
    fc.property(calls, fc.nat(), (gold, pick) => {
      const turned = gold
        .map((each) => ({ name: each.name, arguments: reversedKeys(each.arguments) as object }))
        .reverse();
      assert.ok(sameCalls(gold, turned));
      assert.ok(sameCalls(turned, gold));
      const changed = turned.map((each, index) =>
        index === pick % turned.length ? { ...each, arguments: { ...each.arguments, extraKey: 1 } } : each,
      );
      assert.equal(sameCalls(gold, changed), gold.length === 0);
    }),
    { seed: 5, numRuns: 300 },
  );
});

/** Answers of ToolRL's own scorer, where a checkout has them beside it. */
const ORACLE = fileURLToPath(new URL("../../../shared/oracles/toolrl.jsonl", import.meta.url));

interface OracleRecord {
  note: string;
  env?: Record<string, string>;
  gold: string;
  completion: string;
  score?: { correctness: number };
}

/** The calls of ToolRL's form, one JSON object on each line of a single block; undefined for any other text. */
function toolRlCalls(text: string): ToolCall[] | undefined {
  const [, block, ...more] = text.split(/<\/?tool_call>/);
  if (block === undefined || more.length !== 1) return undefined;
  try {
    return block
      .trim()
      .split("\n")
      .map((line) => {
        const { name, parameters } = parseExactJson(line) as { name: unknown; parameters: unknown };
        if (typeof name !== "string" || !isJsonObject(parameters)) throw new TypeError("no call");
        return { name, arguments: parameters };
      });
  } catch {
    return undefined;
  }
}

test("agrees with ToolRL's scorer on which calls are the same, Python's 0 == False apart", (t) => {
  if (!existsSync(ORACLE)) return t.skip("no oracle beside this checkout");
  let compared = 0;
  for (const { value } of readJsonLines(ORACLE)) {
    const { note, env = {}, gold, completion, score } = value as OracleRecord;
    const [expected, made] = [toolRlCalls(gold), toolRlCalls(completion)];
    const variant = Object.keys(env).some((key) => key !== "EXPERIMENT_NAME");
    if (variant || !score || !expected || !made || note === "False == 0") continue;
    assert.equal(sameCalls(expected, made), score.correctness === 3, note);
    compared++;
  }
  assert.ok(compared > 300, `only ${compared} records were compared`);
});
