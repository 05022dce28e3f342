import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { rowsOfStep } from "../draw.ts";
import { epochOf, itemsOfStep, type Round, stepsOfRound } from "./rounds.ts";

const round = (changes: Partial<Round> = {}): Round => ({
  number: 1,
  firstStep: 1,
  firstEpoch: 0,
  fewShots: new Map(),
  added: [],
  ...changes,
});
const all = () => true;

test("without added rows the steps draw what plain GRPO draws", () => {
  const shape = { rows: 23, batch: 4, epochsPerRound: 2 };
  const second = round({ number: 2, firstStep: 11, firstEpoch: 2 });
  for (let step = 1; step <= 20; step++) {
    const open = step <= 10 ? round() : second;
    assert.deepEqual(itemsOfStep(open, shape, 9, step, all), rowsOfStep(23, 4, 9, step));
    assert.equal(epochOf(open, shape, step), Math.floor((step - 1) / 5));
  }
  assert.equal(stepsOfRound(round(), shape), 10);
});

test("a pass over a round with added rows meets every item at most once, and leaves out less than a step", () => {
  const shape = { rows: 20, batch: 4, epochsPerRound: 1 };
  const open = round({ firstStep: 7, added: [3, 5, 8, 13, 19, 0, 1] });
  assert.equal(stepsOfRound(open, shape), 6);
  const drawn = Array.from({ length: 6 }, (_, index) => itemsOfStep(open, shape, 1, 7 + index, all)).flat();
  assert.equal(new Set(drawn).size, 24);
  assert.ok(drawn.every((item) => item < 27));
});

test("an item that is not live gives its place to another, and a step has no item twice", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(29), { maxLength: 25 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, batch, dead, step) => {
        fc.pre(batch <= rows);
        const shape = { rows, batch, epochsPerRound: 1 };
        const gone = new Set(dead.filter((item) => item < rows));
        const drawn = itemsOfStep(round(), shape, 3, step, (item) => !gone.has(item));
        assert.equal(drawn.length, Math.min(batch, rows - gone.size));
        assert.equal(new Set(drawn).size, drawn.length);
        assert.ok(drawn.every((item) => !gone.has(item)));
        const plain = itemsOfStep(round(), shape, 3, step, all).filter((item) => !gone.has(item));
        assert.ok(
          plain.every((item) => drawn.includes(item)),
          "a live item keeps its place",
        );
      },
    ),
    { seed: 8, numRuns: 500 },
  );
});
