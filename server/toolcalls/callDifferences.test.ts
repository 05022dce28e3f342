import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { ToolCall } from "../../schemas/samples.ts";
import { callDifferences } from "./callDifferences.ts";
import { sameCalls } from "./compare.ts";
import { parseExactJson } from "./json.ts";

const call = (name: string, args: Record<string, unknown> = {}): ToolCall => ({ name, arguments: args });

test("an equal call is the same throughout, whatever the order of calls and keys", () => {
  const gold = [call("a", { x: 1, y: [1, 2] }), call("b")];
  const found = callDifferences(gold, [call("b"), call("a", { y: [1, 2], x: 1.0 })]);
  assert.deepEqual(
    found.map(({ name, status }) => [name, status]),
    [
      ["a", "same"],
      ["b", "same"],
    ],
  );
  assert.deepEqual(found[0]?.arguments, [
    { path: "x", status: "same", expected: "1", found: "1" },
    { path: "y", status: "same", expected: "[1,2]", found: "[1,2]" },
  ]);
});

test("each argument is same, missing, extra or different, down to the part that differs", () => {
  const gold = call("book", { who: { name: "Li", phone: "1" }, day: "Mon", tags: ["a", "b"] });
  const attempt = call("book", { who: { name: "Lu", phone: "1" }, tags: ["a", "c"], at: null });
  assert.deepEqual(callDifferences([gold], [attempt]), [
    {
      name: "book",
      status: "different",
      arguments: [
        { path: "who.name", status: "different", expected: '"Li"', found: '"Lu"' },
        { path: "who.phone", status: "same", expected: '"1"', found: '"1"' },
        { path: "day", status: "missing", expected: '"Mon"' },
        { path: "tags[0]", status: "same", expected: '"a"', found: '"a"' },
        { path: "tags[1]", status: "different", expected: '"b"', found: '"c"' },
        { path: "at", status: "extra", found: "null" },
      ],
      more: 0,
    },
  ]);
});

test("a call that was not made is missing, one made without need is extra", () => {
  const found = callDifferences([call("a", { x: 1 }), call("a", { x: 2 })], [call("a", { x: 2 }), call("c")]);
  assert.deepEqual(
    found.map(({ name, status }) => [name, status]),
    [
      ["a", "missing"],
      ["a", "same"],
      ["c", "extra"],
    ],
  );
});

test("large numbers are shown digit by digit, and hostile text is escaped and cut", () => {
  const gold = parseExactJson('{"id":12345678901234567890}') as Record<string, unknown>;
  const attempt = call("a", { id: 5, "k\u001b": "x".repeat(1_000_000) });
  const [difference] = callDifferences([call("a", gold)], [attempt]);
  assert.equal(difference?.arguments[0]?.expected, "12345678901234567890");
  assert.equal(difference?.arguments[1]?.path, "k\\u001b");
  assert.ok((difference?.arguments[1]?.found?.length ?? 0) <= 400);
});

test("an attempt with thousands of arguments is told in part, and the rest is counted", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index]));
  const [difference] = callDifferences([call("a")], [call("a", many)]);
  assert.equal((difference?.arguments.length ?? 0) + (difference?.more ?? 0), 5000);
  assert.ok((difference?.arguments.length ?? 0) < 100);
});

test("everything is the same exactly where the calls are", () => {
  const calls = fc.array(
    fc.record({
      name: fc.constantFrom("a", "b"),
      arguments: fc.dictionary(fc.constantFrom("x", "y"), fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constant([1]))),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(calls, calls, (gold, predicted) => {
      const found = callDifferences(gold, predicted);
      const same = found.every(({ status, arguments: parts }) => {
        const plainly = parts.every((part) => part.status === "same");
        if (status === "different") assert.ok(!plainly);
        return status === "same" && plainly;
      });
      assert.equal(same, sameCalls(gold, predicted));
    }),
    { seed: 7 },
  );
});
