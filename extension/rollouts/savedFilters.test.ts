import assert from "node:assert/strict";
import test from "node:test";
import { EVERYTHING, type SavedFilter } from "../../schemas/rolloutView.ts";
import { SavedFilters } from "./savedFilters.ts";
import { Memory } from "./testing/memory.ts";

const hard: SavedFilter = { name: "hard", query: { ...EVERYTHING, state: "hard" } };

test("filters are kept, and every panel hears of them until it is closed", async () => {
  const filters = new SavedFilters(new Memory());
  const heard: SavedFilter[][] = [];
  const end = filters.onChange((now) => heard.push(now));
  await filters.keep([hard]);
  end();
  await filters.keep([]);
  assert.deepEqual([heard, filters.get()], [[[hard]], []]);
});

for (const kept of [undefined, 7, [{ name: "", query: EVERYTHING }], [{ name: "a", query: { text: 5 } }]]) {
  test(`what an older version kept does no harm: ${JSON.stringify(kept)?.slice(0, 60)}`, () => {
    assert.deepEqual(new SavedFilters(new Memory(kept)).get(), []);
  });
}

test("a filter of an older version asks nothing of what has come since", () => {
  const kept = [{ name: "a", query: { text: "older" } }, { name: 7 }];
  assert.deepEqual(new SavedFilters(new Memory(kept)).get(), [{ name: "a", query: { ...EVERYTHING, text: "older" } }]);
});
