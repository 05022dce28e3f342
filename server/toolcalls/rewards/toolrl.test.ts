import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { REWARD_DEFAULTS, type ToolRlSettings } from "../../../schemas/rewards.ts";
import { PythonError } from "../python/error.ts";
import { toolRlScore } from "./toolrl.ts";

const call = (name: string, parameters: unknown): string => JSON.stringify({ name, parameters });
const answer = (...lines: string[]): string => `<think> why </think>\n<tool_call>\n${lines.join("\n")}\n</tool_call>`;
const score = (completion: string, gold: string, changes: Partial<ToolRlSettings> = {}, step = 0) =>
  toolRlScore(completion, gold, step, { ...REWARD_DEFAULTS.toolrl, ...changes });
/** [format, correctness] */
const parts = (completion: string, gold: string, changes: Partial<ToolRlSettings> = {}, step = 0): [number, number] => {
  const { format, correctness } = score(completion, gold, changes, step);
  return [format, Math.round(correctness * 1e6) / 1e6];
};

const book = call("book", { day: "Monday", seats: 2, window: true });

test("the gold completion earns all of both parts", () => {
  assert.deepEqual(score(answer(book), answer(book)), {
    total: 4,
    format: 1,
    correctness: 3,
    length: 0,
    parts: { name: 1, param: 1, value: 3 },
  });
  const wrapped = `<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n${answer(book)}<|im_end|>`;
  assert.equal(score(wrapped, answer(book)).total, 4);
});

test("a call earns by name, by keys and by values", () => {
  // S_max = 1 + 1 + 3, and 6 · R_max / S_max − 3.
  assert.deepEqual(parts(answer(call("book", { day: "Monday", seats: 2, window: false })), answer(book)), [1, 1.8]);
  assert.deepEqual(parts(answer(call("book", { day: "Monday", seats: 2 })), answer(book)), [1, 1.4]);
  assert.deepEqual(
    parts(answer(call("book", { day: "Monday", seats: 2, window: true, x: 1 })), answer(book)),
    [1, 2.7],
  );
  assert.deepEqual(parts(answer(call("cancel", { day: "Monday" })), answer(book)), [1, -3]);
});

test("values are equal as Python's", () => {
  const gold = answer(call("f", { a: 1 }));
  for (const same of ['{"a": 1.0}', '{"a": true}', '{"a": 1e0}'])
    assert.deepEqual(parts(answer(`{"name": "f", "parameters": ${same}}`), gold), [1, 3], same);
  assert.deepEqual(parts(answer(call("f", { a: "1" })), gold), [1, 1]);
  // One NaN is another in the short cut for equal lists, and not where arguments are compared one by one.
  const nan = answer('{"name": "f", "parameters": {"a": NaN}}');
  assert.deepEqual(parts(nan, nan), [1, 3]);
  assert.deepEqual(parts(answer('{"name": "f", "parameters": {"a": NaN}, "id": 1}'), nan), [1, 1]);
});

test("parallel calls are matched greedily, as multisets of names", () => {
  const [f, g] = [call("f", { x: 1 }), call("g", { y: 2 })];
  assert.deepEqual(parts(answer(g, f), answer(f, g)), [1, 3]);
  assert.deepEqual(parts(answer(f), answer(f, g)), [1, 0]);
  assert.deepEqual(parts(answer(f, f), answer(f)), [1, 2]);
  // The first gold call takes the first best match, though the second would have had more use for it.
  const gold = [call("f", { a: 1, b: 2 }), call("f", { a: 1, b: 3 })];
  const given = [call("f", { a: 1, b: 3 }), call("f", { a: 9, b: 9 })];
  assert.deepEqual(parts(answer(...given), answer(...gold)), [1, 0.428571]);
  assert.deepEqual(parts(answer(...given), answer(...gold.toReversed())), [1, 1.285714]);
});

test("what cannot be read, or has another shape, is at the floor", () => {
  for (const [block, format] of [
    ["{bad", 1],
    [`${book}\n{bad`, 1],
    [`${book}\n\n${book}`, 1],
    [`[${book}]`, 1],
    [call("book", null), 1],
    ['{"name": "book", "arguments": {}}', 1],
    ['{"name": ["book"], "parameters": {}}', 1],
    ["5", 1],
    ["[".repeat(5000), 1],
  ] as const)
    assert.deepEqual(parts(answer(block), answer(book)), [format, -3], block.slice(0, 40));
  assert.deepEqual(parts("no calls", answer(book)), [0, -3]);
});

test("the gold completion says which blocks are needed", () => {
  const responds = "<think> why </think>\n<response> done </response>";
  const both = `${answer(book)}\n<response> done </response>`;
  assert.deepEqual(parts(responds, responds), [1, 0]);
  assert.deepEqual(parts(answer(book), responds), [0, 0]);
  assert.deepEqual(parts(both, both), [1, 3]);
  assert.deepEqual(parts(both, answer(book)), [0, 3]);
  assert.deepEqual(parts("<think></think>", "<think> only </think>"), [1, 0]);
  assert.deepEqual(parts(`${answer(book)}\n${answer(book)}`, answer(book)), [0, 3]);
  assert.deepEqual(parts(answer(book).replace("\n<tool_call>", "\n\n<tool_call>"), answer(book)), [0, 3]);
});

test("a gold completion whose calls are no JSON lines is an error, not a number", () => {
  assert.throws(() => score(answer(book), answer("")), PythonError);
  assert.throws(() => score(answer(book), "<think> a <tool_call> </think>\n<tool_call>\n{}\n</tool_call>"), {
    name: "PythonError",
    message: "JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
  });
});

test("the variants", () => {
  const [f, g] = [call("f", { x: 1 }), call("g", { y: 2 })];
  const other = call("f", { x: 2 });
  assert.deepEqual(parts(answer(g, f), answer(f, g), { granularity: "refined" }), [1, 1.8]);
  assert.deepEqual(parts(answer(g, f), answer(f, g), { granularity: "coarse" }), [1, -3]);
  assert.deepEqual(parts(answer(other, g), answer(f, g), { granularity: "intermediate" }), [1, 1]);
  assert.deepEqual(parts(answer(f, g), answer(f, g), { correctnessMax: 1 }), [1, 1]);
  assert.deepEqual(parts(answer(f), answer(f), { twoStage: true }, 29), [1, 1]);
  assert.deepEqual(parts(answer(f), answer(f), { twoStage: true }, 30), [0.5, 3]);
  assert.deepEqual(parts(answer(f), answer(f), { dynamicScale: true }, 0), [2, 2]);
  assert.deepEqual(parts(answer(f), answer(f), { dynamicScale: true }, 75), [1.5, 2.5]);
  assert.deepEqual(parts("no", answer(f), { dynamicScale: true }, 400), [-1, -3]);
  const thoughts = (words: number): string => `<think> ${"w ".repeat(words)}</think>\n<tool_call>\n${f}\n</tool_call>`;
  assert.equal(score(thoughts(64), answer(f), { length: "fixed" }).length, 0.12);
  assert.equal(score(thoughts(320), answer(f), { length: "fixed" }).length, 0.62);
  assert.equal(score(thoughts(900), answer(f), { length: "fixed" }).length, 1);
  assert.equal(score(thoughts(320), answer(f), { length: "dynamic" }, 105).length, 0.5);
  const llama = `<|start_header_id|>assistant<|end_header_id|>\n\n${answer(f)}<|eot_id|>`;
  assert.equal(score(llama, answer(f), { chat: "llama" }).total, 4);
});

test("scores stay in their range and no completion breaks them", () => {
  const piece = fc.constantFrom(
    "<think>",
    "</think>",
    "\n",
    "<tool_call>",
    "</tool_call>",
    book,
    call("f", {}),
    "{",
    "<response>",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { total, format, correctness } = score(pieces.join(""), answer(book));
      assert.ok(format === 0 || format === 1);
      assert.ok(correctness >= -3 && correctness <= 3);
      assert.equal(total, format + correctness);
    }),
    { seed: 8, numRuns: 1000 },
  );
});
