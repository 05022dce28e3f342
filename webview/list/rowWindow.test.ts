import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { overscanAfter, placeThatShows, ROW_HEIGHT, rowsIn, topOfRow } from "./rowWindow.ts";

const padding = ROW_HEIGHT;
const viewport = fc.record({ top: fc.nat(30_000_000), height: fc.nat(3000), padding: fc.constant(padding) });

test("every row that is seen is drawn, and few others are", () => {
  fc.assert(
    fc.property(viewport, fc.nat(1_250_000), fc.constantFrom(undefined, 0), (seen, count, overscan) => {
      const { first, end } = rowsIn(seen, count, overscan);
      assert.ok(first >= 0 && first <= end && end <= count);
      assert.ok(end - first <= seen.height / ROW_HEIGHT + (overscan === 0 ? 2 : 22));
      for (const index of [first - 1, end]) {
        if (index < 0 || index >= count) continue;
        const top = topOfRow(index, seen);
        assert.ok(top + ROW_HEIGHT <= seen.top || top >= seen.top + seen.height, `row ${index} is seen`);
      }
    }),
    { seed: 20261121 },
  );
});

test("rows are drawn ahead only where the scrolling can find them there", () => {
  const ahead = overscanAfter(0);
  assert.ok(ahead > 0);
  for (const moved of [1, ahead * ROW_HEIGHT]) assert.deepEqual([moved, -moved].map(overscanAfter), [ahead, ahead]);
  for (const moved of [ahead * ROW_HEIGHT + 1, 1e7]) assert.deepEqual([moved, -moved].map(overscanAfter), [0, 0]);
});

test("a row is shown by scrolling as little as may be", () => {
  fc.assert(
    fc.property(viewport, fc.nat(1_250_000), (seen, index) => {
      fc.pre(seen.height >= padding + ROW_HEIGHT);
      const top = placeThatShows(index, seen);
      const row = topOfRow(index, seen);
      assert.ok(row >= top + padding && row + ROW_HEIGHT <= top + seen.height, "the row is seen whole, below the head");
      const whole = row >= seen.top + padding && row + ROW_HEIGHT <= seen.top + seen.height;
      assert.equal(top === seen.top, whole);
    }),
    { seed: 20261121 },
  );
});
