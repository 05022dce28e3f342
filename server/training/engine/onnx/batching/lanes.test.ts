import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { lanesOf } from "./lanes.ts";

const sized = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
  room: fc.integer({ min: 0, max: 40 }),
});

test("every completion is in one lane, no lane is overfull, and no two lanes would fit into one", () => {
  fc.assert(
    fc.property(sized, ({ lengths, room }) => {
      const length = Math.max(...lengths) + room;
      const lanes = lanesOf(lengths, length);
      const all = lengths.map((_, place) => place);
      assert.deepEqual(
        lanes.flat().sort((a, b) => a - b),
        all,
      );
      const filled = lanes.map((places) => places.reduce((sum, place) => sum + (lengths[place] as number), 0));
      const [least, second] = filled.toSorted((a, b) => a - b);
      assert.ok(Math.max(...filled) <= length);
      assert.ok(second === undefined || (least as number) + second > length);
    }),
    { seed: 4, numRuns: 300 },
  );
});

test("completions of one length have a lane each, in their order", () => {
  assert.deepEqual(lanesOf([5, 5, 5], 5), [[0], [1], [2]]);
  assert.deepEqual(lanesOf([2, 5, 3], 5), [[0, 2], [1]]);
});
