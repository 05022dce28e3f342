import assert from "node:assert/strict";
import test from "node:test";
import type { ToolN1Variant } from "../../../schemas/rewards.ts";
import { toolN1Score } from "./toolN1.ts";

const VARIANTS: readonly ToolN1Variant[] = ["v0", "llama", "v1", "v2", "v3", "v4"];
const block = (calls: string): string => `<think> t </think> <tool_call>${calls}</tool_call>`;
const list = (...calls: object[]): string => JSON.stringify(calls);
/** One total for each variant, in their order. */
const totals = (completion: string, gold: string): number[] =>
  VARIANTS.map((variant) => toolN1Score(completion, gold, variant).total);
const f = { name: "f", arguments: { x: 1 } };
const g = { name: "g", arguments: { y: [1, 2] } };

test("right calls and thoughts", () => {
  assert.deepEqual(totals(block(list(f, g)), list(g, f)), [1, 1, 1.2, 1, 1, 1]);
  assert.deepEqual(totals(block(JSON.stringify(f)), list(f)), [1, 1, 1.2, 1, 1, 1]);
  assert.deepEqual(totals(block(JSON.stringify(list(f))), list(f)), [1, 1, 1.2, 1, 1, 1]);
  assert.deepEqual(totals(`<tool_call>${list(f)}</tool_call>`, list(f)), [0, 0, 1, 1, 0.8, 0.8]);
});

test("wrong calls, and right names", () => {
  assert.deepEqual(totals(block(list({ ...f, arguments: { x: 2 } })), list(f)), [0, 0, -0.2, 0, 0.2, 0.4]);
  assert.deepEqual(totals(block(list(g)), list(f)), [0, 0, -0.2, 0, 0.2, 0.2]);
  assert.deepEqual(totals(block(list(f, f)), list(f)), [0, 0, -0.2, 0, 0.2, 0.2]);
  assert.deepEqual(totals(block("{bad"), list(f)), [0, 0, 0, 0, 0.2, 0.2]);
  assert.deepEqual(totals("", list(f)), [0, 0, 0, 0, 0, 0]);
});

test("arguments are equal as texts with sorted keys", () => {
  const right = (given: string, gold: string): boolean =>
    toolN1Score(block(`[{"name":"f","arguments":${given}}]`), `[{"name":"f","arguments":${gold}}]`, "v0").total === 1;
  assert.ok(right('{"b": 1, "a": 2}', '{"a": 2, "b": 1}'));
  assert.ok(right('{"a": 1e2}', '{"a": 100.0}'));
  assert.ok(right('{"a": NaN}', '{"a": NaN}'));
  assert.ok(right('{"a": -0}', '{"a": 0}'));
  assert.ok(right('{"a": "\\u00e9"}', '{"a": "é"}'));
  for (const [given, gold] of [
    ['{"a": 1.0}', '{"a": 1}'],
    ['{"a": true}', '{"a": 1}'],
    ['{"a": -0.0}', '{"a": 0.0}'],
    ['{"a": null}', "{}"],
    ['{"a": [1, 2]}', '{"a": [2, 1]}'],
    ['{"a": 9007199254740993}', '{"a": 9007199254740992}'],
  ] as const)
    assert.ok(!right(given, gold), `${given} ${gold}`);
});

test("the last block counts, from the last assistant marker on", () => {
  const [right, wrong] = [`<tool_call>${list(f)}</tool_call>`, `<tool_call>${list(g)}</tool_call>`];
  assert.deepEqual(totals(`<think></think>${wrong}${right}`, list(f)).slice(0, 1), [1]);
  assert.deepEqual(totals(`<think></think>${right}${wrong}`, list(f)).slice(0, 1), [0]);
  assert.deepEqual(totals(`<think></think>${right}<|im_start|>assistant\nno`, list(f)).slice(0, 1), [0]);
});

test("no gold call: an empty list, and for Llama's variant a plain answer", () => {
  assert.deepEqual(totals(block("[]"), "[]"), [1, 1, 1.2, 1, 1, 1]);
  assert.deepEqual(totals("None of them fits.", "[]"), [0, 1, 0, 0, 0, 0]);
});

test("where the original raises there is an error and no number", () => {
  const raises = (completion: string, gold: string, message: string, variant: ToolN1Variant = "v0"): void =>
    assert.throws(() => toolN1Score(completion, gold, variant), { name: "PythonError", message });
  raises(block("5"), list(f), "TypeError: 'int' object is not iterable");
  raises(block("true"), list(f), "TypeError: 'bool' object is not iterable");
  raises(block(list(f)), "null", "TypeError: object of type 'NoneType' has no len()");
  raises(block(list(f)), '[{"name": "f", "parameters": {}}]', "KeyError: 'arguments'");
  raises(block('"no json"'), list(f), "JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "llama");
  // Without thoughts v0 does not look that far.
  assert.equal(toolN1Score("<tool_call>5</tool_call>", list(f), "v0").total, 0);
});
