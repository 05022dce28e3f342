import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { FIRST_SCALE, GROWTH_INTERVAL, LEAST_SCALE, type LossScale, nextScale } from "./lossScaling.ts";

const after = (outcomes: Iterable<boolean>, from: LossScale = FIRST_SCALE): LossScale => {
  let scale = from;
  for (const finite of outcomes) scale = nextScale(scale, finite);
  return scale;
};
const times = (count: number, finite: boolean): boolean[] => Array(count).fill(finite);

test("the scale begins at 2^16, is halved by each overflow and doubled by 2,000 steps in a row", () => {
  assert.deepEqual(FIRST_SCALE, { scale: 65_536, taken: 0 });
  assert.deepEqual(after([false]), { scale: 32_768, taken: 0 });
  assert.deepEqual(after([false, false, true]), { scale: 16_384, taken: 1 });
  assert.deepEqual(after(times(1999, true)), { scale: 65_536, taken: 1999 });
  assert.deepEqual(after(times(2000, true)), { scale: 131_072, taken: 0 });
  assert.deepEqual(after(times(4000, true)), { scale: 262_144, taken: 0 });
});

test("an overflow begins the count anew", () => {
  const broken = after([...times(1999, true), false, ...times(1999, true)]);
  assert.deepEqual(broken, { scale: 32_768, taken: 1999 });
  assert.deepEqual(nextScale(broken, true), { scale: 65_536, taken: 0 });
});

/** Long stretches, so that a scale grows too. */
const courses = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.boolean().map((finite) => [finite]) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 * GROWTH_INTERVAL }).map((count) => times(count, true)) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((count) => times(count, false)) },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.flat());

test("whatever happens, the scale is a power of two within its bounds, and the count below the interval", () => {
  fc.assert(
    fc.property(courses, (outcomes) => {
      let scale = FIRST_SCALE;
      for (const finite of outcomes) {
        const next = nextScale(scale, finite);
        assert.ok(Number.isInteger(Math.log2(next.scale)) && next.scale >= LEAST_SCALE && next.scale <= 2 ** 32);
        assert.ok(next.taken >= 0 && next.taken < GROWTH_INTERVAL);
        // It never rises by an overflow, falls by nothing else, and does neither by more than a factor of two.
        if (finite) assert.ok(next.scale === scale.scale || next.scale === 2 * scale.scale);
        else assert.ok(next.taken === 0 && next.scale === Math.max(LEAST_SCALE, scale.scale / 2));
        scale = next;
      }
    }),
    { seed: 20_251_122, numRuns: 100 },
  );
});

test("a course that is cut anywhere goes on as the whole one: the scale and its count are all that is remembered", () => {
  fc.assert(
    fc.property(courses, fc.nat(), (outcomes, where) => {
      const cut = outcomes.length === 0 ? 0 : where % outcomes.length;
      assert.deepEqual(after(outcomes.slice(cut), after(outcomes.slice(0, cut))), after(outcomes));
    }),
    { seed: 20_251_123, numRuns: 100 },
  );
});

test("dividing by a scale gives back what was multiplied with it, to the bit", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -(2 ** 64), max: 2 ** 64 }), courses, (g, outcomes) => {
      const { scale } = after(outcomes);
      // Subnormal numbers alone have too few digits to be halved.
      if (Math.abs(g) > 1e-30) assert.equal(Math.fround(Math.fround(g * scale) / scale), g);
    }),
    { seed: 20_251_124, numRuns: 200 },
  );
});
