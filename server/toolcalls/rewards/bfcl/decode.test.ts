import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { BfclDecoder } from "../../../../schemas/rewards.ts";
import { PythonError } from "../../python/error.ts";
import { isDict, type PythonValue, WholeFloat } from "../../python/value.ts";
import { decode } from "./decode.ts";
import { judgeRelevance } from "./score.ts";

function plainOf(value: PythonValue): unknown {
  if (value instanceof WholeFloat) return value.value;
  if (Array.isArray(value)) return value.map(plainOf);
  return isDict(value) ? Object.fromEntries([...value].map(([key, inner]) => [String(key), plainOf(inner)])) : value;
}
const decoded = (completion: string, decoder: BfclDecoder): unknown => {
  try {
    return plainOf(decode(completion, decoder));
  } catch (error) {
    assert.ok(error instanceof PythonError);
    return error.kind;
  }
};

test("calls as Python", () => {
  const python = (text: string): unknown => decoded(text, "python-prompt");
  assert.deepEqual(python("```\n[f(a=1), m.g(b='x', c=[1, {'k': None}])]\n```"), [
    { f: { a: 1 } },
    { "m.g": { b: "x", c: [1, { k: null }] } },
  ]);
  assert.deepEqual(python("f(1, a=+2, b=x, c=2*3, d=g(), e=h(k=1), a=4)"), [
    { f: { a: 4, b: "x", c: 6, d: "g()", e: { h: { k: 1 } } } },
  ]);
  assert.deepEqual(python(""), []);
  assert.equal(python("I cannot do that."), "SyntaxError");
  assert.equal(python("[{'f': 1}]"), "AssertionError");
  assert.equal(python("[f(a=lambda: 1)]"), "SyntaxError");
  assert.equal(python("[f(a=b or c)]"), "Exception");
});

test("calls inside a tag, as JSON, and in Qwen's tags", () => {
  assert.deepEqual(decoded("x <TOOLCALL>[f(a=1)]</TOOLCALL> y", "tagged-python"), [{ f: { a: 1 } }]);
  assert.equal(decoded("[f(a=1)]", "tagged-python"), "ValueError");
  assert.deepEqual(decoded('Sure: [{"function": "f", "parameters": {"a": 1}}]', "json-prompt"), [{ f: { a: 1 } }]);
  assert.equal(decoded('[{"name": "f"}]', "json-prompt"), "KeyError");
  assert.deepEqual(decoded("no json", "json-prompt"), []);
  const call = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>';
  assert.deepEqual(decoded(`t ${call}<tool_call>\n{bad}\n</tool_call>${call}`, "qwen-fc"), [
    { f: { a: 1 } },
    { f: { a: 1 } },
  ]);
  assert.deepEqual(decoded('<tool_call>{"name": "f", "arguments": {}}</tool_call>', "qwen-fc"), []);
  assert.equal(decoded('<tool_call>\n{"name": "f", "arguments": "{}"}\n</tool_call>', "qwen-fc"), "AttributeError");
});

test("where no function fits, a completion passes that holds no call", () => {
  assert.equal(judgeRelevance("I cannot do that.", "python-prompt", false).valid, true);
  assert.equal(judgeRelevance("[f(a=1)]", "python-prompt", false).errorType, "irrelevance_error:decoder_success");
  assert.equal(judgeRelevance("[]", "python-prompt", false).valid, true);
  assert.equal(judgeRelevance("[f()]", "python-prompt", true).valid, true);
  assert.equal(judgeRelevance("No.", "python-prompt", true).errorType, "relevance_error:decoder_failed");
});

test("hostile completions are decoded or refused, in time", () => {
  const decoders: BfclDecoder[] = ["qwen-fc", "python-prompt", "tagged-python", "json-prompt"];
  const piece = fc.constantFrom(
    "<tool_call>\n",
    "\n</tool_call>",
    "[",
    "{",
    "}",
    "]",
    "f(",
    ")",
    "a=",
    ",",
    '"',
    "'",
    "1",
    "<TOOLCALL>",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...decoders), (pieces, decoder) => {
      decoded(pieces.join(""), decoder);
    }),
    { seed: 2, numRuns: 2000 },
  );
  for (const decoder of decoders)
    for (const text of ["[".repeat(200_000), "{},".repeat(50_000), `[${"{},".repeat(50_000)}`, "f(a=".repeat(50_000)])
      decoded(text, decoder);
});
