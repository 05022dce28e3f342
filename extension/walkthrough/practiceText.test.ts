import assert from "node:assert/strict";
import test from "node:test";
import { PRACTICE, practiceMistake } from "./practiceText.ts";

test("the mistake is where it is said to be, and the file is one but for it", () => {
  const { start, end } = practiceMistake(PRACTICE);
  assert.equal(PRACTICE.slice(start, end), '"float"');
  assert.doesNotThrow(() => JSON.parse(PRACTICE));
  const mended = `${PRACTICE.slice(0, start)}"number"${PRACTICE.slice(end)}`;
  assert.deepEqual(practiceMistake(mended), { start: 0, end: 0 });
});
