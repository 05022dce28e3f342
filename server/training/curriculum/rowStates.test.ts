import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { RowBook, sumHard } from "./rowBook.ts";
import {
  isHard,
  nextState,
  ROW_EVENTS,
  ROW_STATES,
  type RowEvent,
  type RowState,
  TRANSITIONS,
  TRANSITIONS_FOREVER,
} from "./rowStates.ts";

/** Every arrow, written a second time and the other way round: by event. */
const ARROWS: [RowEvent, Partial<Record<RowState, RowState>>][] = [
  [
    "solved",
    {
      unprobed: "easy",
      easy: "easy",
      hard: "retired",
      "hard-few-shots": "retired",
      "hard-no-candidates": "retired",
      "hard-unverified": "retired",
      retired: "retired",
    },
  ],
  [
    "unsolved",
    {
      unprobed: "hard",
      easy: "hard",
      hard: "hard",
      "hard-few-shots": "hard",
      "hard-no-candidates": "hard",
      "hard-unverified": "hard",
      retired: "hard",
    },
  ],
  ["few-shots", { hard: "hard-few-shots" }],
  ["no-candidates", { hard: "hard-no-candidates" }],
  ["unverified", { hard: "hard-unverified" }],
  [
    "gold-changed",
    {
      unprobed: "unprobed",
      easy: "unprobed",
      hard: "unprobed",
      "hard-few-shots": "unprobed",
      "hard-no-candidates": "unprobed",
      "hard-unverified": "unprobed",
      retired: "unprobed",
    },
  ],
];

test("every arrow leads where it should, and every other is refused", () => {
  assert.deepEqual(
    ARROWS.map(([event]) => event),
    [...ROW_EVENTS],
  );
  for (const [event, arrows] of ARROWS) {
    for (const state of ROW_STATES) {
      const expected = arrows[state];
      if (expected === undefined) assert.throws(() => nextState(state, event), new RegExp(`is ${state} cannot`));
      else assert.equal(nextState(state, event), expected, `${state}, ${event}`);
    }
  }
});

test("a retired row is hard again under untilHardAgain and never under forever", () => {
  assert.equal(nextState("retired", "unsolved", TRANSITIONS), "hard");
  assert.equal(nextState("retired", "unsolved", TRANSITIONS_FOREVER), "retired");
  for (const state of ROW_STATES.filter((name) => name !== "retired")) {
    assert.deepEqual(TRANSITIONS_FOREVER[state], TRANSITIONS[state]);
  }
});

/** Brings a row of a book into a state. */
const WAYS: Record<RowState, RowEvent[]> = {
  unprobed: [],
  easy: ["solved"],
  hard: ["unsolved"],
  "hard-few-shots": ["unsolved", "few-shots"],
  "hard-no-candidates": ["unsolved", "no-candidates"],
  "hard-unverified": ["unsolved", "unverified"],
  retired: ["unsolved", "solved"],
};

test("a hand lies over any state, and leaves it in force again when it is taken away", () => {
  const book = new RowBook(ROW_STATES.length, "untilHardAgain");
  for (const [row, state] of ROW_STATES.entries()) {
    for (const event of WAYS[state]) book.happen(row, event);
    for (const hand of ["edited", "excluded", "edited", "none"] as const) {
      book.setHand(row, hand);
      assert.equal(book.handOf(row), hand);
      assert.equal(book.stateOf(row), state);
    }
  }
  book.probeOver();
  assert.equal(book.hard, 4);
  book.setHand(ROW_STATES.indexOf("hard"), "excluded");
  book.setHand(ROW_STATES.indexOf("hard-few-shots"), "edited");
  assert.equal(book.hard, 3, "an excluded row is not counted, an edited one is");
  assert.equal(book.counts().edited, 1);
  assert.equal(book.counts().excluded, 1);
});

test("nobody knows how many rows are hard before a probe is over", () => {
  const book = new RowBook(2, "untilHardAgain");
  assert.equal(book.hard, null);
  assert.equal(book.solve(0), "easy");
  assert.equal(book.hard, null);
  book.probeOver();
  assert.equal(book.hard, 0);
});

test("a row solved in training is remembered until the next probe", () => {
  const book = new RowBook(2, "untilHardAgain");
  book.happen(0, "unsolved");
  assert.equal(book.solve(0), "retired");
  assert.equal(book.solve(0), undefined, "it was retired already");
  assert.equal(book.solvedSinceProbe(0), true);
  assert.equal(book.solvedSinceProbe(1), false);
  book.probeOver();
  assert.equal(book.solvedSinceProbe(0), false);
  assert.throws(() => book.stateOf(2), RangeError);
});

test("any course of events keeps counts and letters right", () => {
  const event = fc.constantFrom(...ROW_EVENTS);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), event, fc.boolean()), { maxLength: 80 }), (course) => {
      const book = new RowBook(10, "untilHardAgain");
      for (const [row, name, training] of course) {
        if (TRANSITIONS[book.stateOf(row)][name] === undefined) continue;
        if (name === "solved" && training) book.solve(row);
        else book.happen(row, name);
      }
      const states = Array.from({ length: 10 }, (_, row) => book.stateOf(row));
      const counts = book.counts();
      for (const state of ROW_STATES) assert.equal(counts[state], states.filter((each) => each === state).length);
      assert.equal(sumHard(counts), states.filter(isHard).length);
      const copy = new RowBook(10, "untilHardAgain");
      copy.read(book.letters, true);
      assert.equal(copy.letters, book.letters);
      assert.deepEqual(
        Array.from({ length: 10 }, (_, row) => [copy.stateOf(row), copy.solvedSinceProbe(row)]),
        Array.from({ length: 10 }, (_, row) => [book.stateOf(row), book.solvedSinceProbe(row)]),
      );
    }),
    { seed: 31, numRuns: 300 },
  );
});

test("letters of another run are refused", () => {
  const book = new RowBook(3, "untilHardAgain");
  assert.throws(() => book.read("uu", true), RangeError);
  assert.throws(() => book.read("u?u", true), /"\?" is no state/);
});
