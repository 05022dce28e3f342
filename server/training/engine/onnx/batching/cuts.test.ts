import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cheapestCut, type Piece } from "./cuts.ts";

/** Numbers whose piece costs its largest times its length, and 3; no piece sums to more than 12. */
interface Numbers extends Piece {
  items: number[];
}

function grown(piece: Numbers | undefined, item: number): Numbers {
  const items = [item, ...(piece?.items ?? [])];
  const allowed = items.length === 1 || items.reduce((sum, one) => sum + one, 0) <= 12;
  return { items, cost: allowed ? Math.max(...items) * items.length + 3 : Number.POSITIVE_INFINITY };
}

const costOf = (piece: readonly number[]) =>
  piece.toReversed().reduce<Numbers | undefined>(grown, undefined)?.cost ?? 0;

/** Every way to cut. */
function cuts(items: readonly number[]): number[][][] {
  if (items.length === 0) return [[]];
  return items.flatMap((_, index) => cuts(items.slice(index + 1)).map((rest) => [items.slice(0, index + 1), ...rest]));
}

test("no other cut costs less, and nothing is lost or moved", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }), (items) => {
      const total = (cut: readonly number[][]) => cut.reduce((sum, piece) => sum + costOf(piece), 0);
      const found = cheapestCut(items, grown);
      assert.deepEqual(found.flat(), items);
      assert.equal(total(found), Math.min(...cuts(items).map(total)));
    }),
    { seed: 194, numRuns: 200 },
  );
});

test("of equally cheap cuts the one with fewer pieces at the end is taken", () => {
  assert.deepEqual(
    cheapestCut([3, 3], (piece: Piece | undefined) => ({ cost: piece === undefined ? 1 : 2 })),
    [[3, 3]],
  );
  assert.deepEqual(cheapestCut([], grown), []);
});
