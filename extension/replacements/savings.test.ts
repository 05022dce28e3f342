import assert from "node:assert/strict";
import test from "node:test";
import { withSaving } from "./savings.ts";

const at = (minute: number): string => `2026-11-21T12:${String(minute).padStart(2, "0")}:00Z`;
const historyOf = (text: string): unknown => (JSON.parse(text) as { history: unknown }).history;

test("the first saving begins the history; those of one sitting are one change", () => {
  const first = withSaving('{ "sample": "a" }', { at: at(0), by: "ada", run: "r", step: 1 });
  assert.deepEqual(historyOf(first), [{ at: at(0), by: "ada", run: "r", step: 1 }]);
  const second = withSaving(first, { at: at(5), by: "ada", run: "r", step: 3, why: "unit" });
  assert.deepEqual(historyOf(second), [{ at: at(5), by: "ada", run: "r", step: 3, why: "unit" }]);
  const third = withSaving(second, { at: at(9), by: "ada", run: "r", step: 4, why: "order" });
  assert.deepEqual(historyOf(third), [{ at: at(9), by: "ada", run: "r", step: 4, why: "unit; order" }]);
});

test("another person, another run or a later time is another change", () => {
  const saved = withSaving("{}", { at: at(0), by: "ada", run: "r" });
  for (const next of [
    { at: at(1), by: "bob", run: "r" },
    { at: at(1), by: "ada", run: "s" },
    { at: at(11), by: "ada", run: "r" },
  ]) {
    assert.equal((historyOf(withSaving(saved, next)) as unknown[]).length, 2);
  }
});

test("a text that has no place for it is left as it is", () => {
  const saving = { at: at(0), by: "ada" };
  for (const text of ["", "{", "[]", '{"history": 1}']) assert.equal(withSaving(text, saving), text);
});
