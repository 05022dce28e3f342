import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Sample, ToolCall } from "../../../schemas/samples.ts";
import { parseExactJson } from "../json.ts";
import { rewardNamed } from "./rewardNamed.ts";

const reward = rewardNamed("toolexpander");
const write = (...calls: ToolCall[]): string =>
  calls.map((call) => `<tool_call>\n${JSON.stringify(call)}\n</tool_call>`).join("\n");
const sample = (...answer: ToolCall[]): Sample => ({ id: "s", query: "q", tools: ["book_table", "find"], answer });
const book: ToolCall = { name: "book_table", arguments: { date: "2026-03-05", people: 2, notes: { seats: ["bar"] } } };
const find: ToolCall = { name: "find", arguments: { city: "Bern" } };

test("1 for the right calls in the right form, in any order", () => {
  assert.deepEqual(reward(write(book), sample(book)), {
    reward: 1,
    parts: { format: 1, result: 1 },
    reason: "the call is right",
  });
  assert.equal(reward(write(find, book), sample(book, find)).reward, 1);
  assert.equal(reward(write(find, book), sample(book, find)).reason, "all 2 calls are right");
});

test("right calls in a wrong form earn nothing, and the parts say which", () => {
  const { reward: value, parts, reason } = reward(`${write(book)}</tool_call>`, sample(book));
  assert.equal(value, 0);
  assert.deepEqual(parts, { format: 0, result: 1 });
  assert.equal(reason, "</tool_call> stands without <tool_call>");
});

test("where no tool fits, only a completion without any call is right", () => {
  assert.equal(reward("None of the tools can do this.", sample()).reward, 1);
  assert.deepEqual(reward(write(find), sample()), {
    reward: 0,
    parts: { format: 1, result: 0 },
    reason: '"find" was called although no tool fits',
  });
  assert.deepEqual(reward("<tool_call>{", sample()).parts, { format: 0, result: 0 });
});

test("the reason names the first difference", () => {
  const change = (changes: Record<string, unknown>): ToolCall => ({
    ...book,
    arguments: { ...book.arguments, ...changes },
  });
  const why = (completion: string, gold = [book]): string => reward(completion, sample(...gold)).reason;
  assert.equal(
    why(write(change({ date: "05.03.2026" }))),
    'argument "date" of "book_table" is "05.03.2026", expected "2026-03-05"',
  );
  assert.equal(why(write(change({ people: "2" }))), 'argument "people" of "book_table" is "2", expected 2');
  assert.equal(
    why(write(change({ notes: { seats: ["window"] } }))),
    'argument "notes.seats[0]" of "book_table" is "window", expected "bar"',
  );
  assert.equal(
    why(write(change({ notes: { seats: [] } }))),
    'argument "notes.seats" of "book_table" is [], expected ["bar"]',
  );
  assert.equal(why(write(change({ extra: null }))), 'argument "extra" of "book_table" is null, expected none');
  assert.equal(
    why(write({ ...book, arguments: { people: 2, notes: {} } })),
    'argument "date" of "book_table" is missing, expected "2026-03-05"',
  );
  assert.equal(why("I do not know."), 'no call was made, expected "book_table"');
  assert.equal(why(write(find)), 'the call of "book_table" is missing, "find" was called instead');
  assert.equal(why(write(book), [book, find]), 'the call of "find" is missing');
  assert.equal(why(write(book, book)), '"book_table" was called once too often');
  assert.equal(why(write(book, find)), '"find" was called without need');
  assert.equal(
    why(write(book, change({ people: 3 })), [book, book]),
    'argument "people" of "book_table" is 3, expected 2',
  );
});

test("values in the reason are short and cannot steer a terminal", () => {
  const long = reward(
    write({ ...book, arguments: { ...book.arguments, date: "x".repeat(10_000) } }),
    sample(book),
  ).reason;
  assert.ok(long.length < 250, long);
  const { reason } = reward(write({ name: "\u001b[2Jevil\u202e", arguments: {} }), sample(book));
  assert.equal(reason, 'the call of "book_table" is missing, "\\u001b[2Jevil\\u202e" was called instead');
});

test("an id of nineteen digits must be copied exactly", () => {
  const gold = { name: "get", arguments: parseExactJson('{"id": 1234567890123456789}') as object };
  const write19 = (id: string): string => `<tool_call>{"name": "get", "arguments": {"id": ${id}}}</tool_call>`;
  assert.equal(reward(write19("1234567890123456789"), sample(gold)).reward, 1);
  const wrong = reward(write19("1234567890123456788"), sample(gold));
  assert.equal(wrong.reward, 0);
  assert.equal(wrong.reason, 'argument "id" of "get" is 1234567890123456788, expected 1234567890123456789');
});

test("the reward is 1 exactly when both parts are, and a reason is always given", () => {
  const piece = fc.constantFrom(write(book), write(find), "<tool_call>", "</tool_call>", " text ", write(book, find));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), fc.subarray([book, find]), (pieces, gold) => {
      const { reward: value, parts, reason } = reward(pieces.join(""), sample(...gold));
      assert.equal(value, Math.min(parts.format ?? 0, parts.result ?? 0));
      assert.ok(reason.length > 0);
    }),
    { seed: 6, numRuns: 500 },
  );
});
