import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Dim, elementsOf, plus, sizeOf, times } from "./dims.ts";

const seed = 131;
const name = fc.constantFrom("B", "G", "P", "L");
const sizes = fc.record({ B: fc.nat(9), G: fc.nat(9), P: fc.nat(9), L: fc.nat(9) });

/** A dimension and how to compute it by hand. */
interface Expression {
  dim: Dim;
  value(sizes: Record<string, number>): number;
}

const { expression } = fc.letrec<{ expression: Expression; leaf: Expression; sum: Expression; product: Expression }>(
  (tie) => ({
    leaf: fc.oneof(
      name.map((symbol): Expression => ({ dim: symbol, value: (given) => given[symbol] as number })),
      fc.integer({ min: -3, max: 7 }).map((number): Expression => ({ dim: number, value: () => number })),
    ),
    sum: fc.array(tie("expression"), { maxLength: 3 }).map((parts) => ({
      dim: plus(...parts.map(({ dim }) => dim)),
      value: (given) => parts.reduce((total, part) => total + part.value(given), 0),
    })),
    product: fc.array(tie("expression"), { maxLength: 3 }).map((parts) => ({
      dim: times(...parts.map(({ dim }) => dim)),
      value: (given) => parts.reduce((total, part) => total * part.value(given), 1),
    })),
    expression: fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("sum"), tie("product")),
  }),
);

test("a sum or product stands for the sum or product of the numbers", () => {
  fc.assert(
    fc.property(expression, sizes, ({ dim, value }, given) => {
      // + 0, since a product with 0 by hand may be −0.
      assert.equal(sizeOf(dim, given) + 0, value(given) + 0);
    }),
    { seed, numRuns: 500 },
  );
});

test("equal dimensions are spelt the same: order and grouping do not show", () => {
  fc.assert(
    fc.property(expression, expression, expression, ({ dim: a }, { dim: b }, { dim: c }) => {
      assert.equal(plus(a, b), plus(b, a));
      assert.equal(times(a, b), times(b, a));
      assert.equal(plus(a, plus(b, c)), plus(plus(a, b), c));
      assert.equal(times(a, times(b, c)), times(times(a, b), c));
      assert.equal(times(a, plus(b, c)), plus(times(a, b), times(a, c)));
      assert.equal(plus(a, times(-1, a)), 0);
    }),
    { seed, numRuns: 300 },
  );
});

test("what holds no name is a number", () => {
  assert.equal(times(3, 4), 12);
  assert.equal(plus(3, 4), 7);
  assert.equal(times("B", 0), 0);
  assert.equal(times("B"), "B");
  assert.equal(elementsOf([]), 1);
  assert.equal(sizeOf(elementsOf(["B", 2, plus("P", "L")]), { B: 3, P: 4, L: 5 }), 54);
});

test("a name without a size is refused", () => {
  assert.throws(() => sizeOf(times("B", "G"), { B: 2 }), /No size for the dimension G/);
});
