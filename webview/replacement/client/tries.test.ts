import assert from "node:assert/strict";
import test from "node:test";
import type { TriedRollout, TrySide } from "../../../schemas/tries.ts";
import type { TryState } from "../../../schemas/tryView.ts";
import { afterTry, countText, isOpen, markOf, phaseText, rolloutsOf } from "./tries.ts";

const rollout = (side: TrySide, index: number, changes: Partial<TriedRollout> = {}): TriedRollout => ({
  side,
  rollout: index,
  text: "",
  characters: 0,
  tokens: 1,
  truncated: false,
  calls: "[]",
  formatOk: true,
  correct: false,
  reward: 0,
  failed: false,
  reason: "",
  ...changes,
});

const state = (changes: Partial<TryState> = {}): TryState => ({
  phase: "drawing",
  rollouts: 2,
  older: false,
  reason: null,
  remedy: null,
  policy: { step: 3, updating: false },
  sides: [],
  tried: [],
  ...changes,
});

test("rollouts come in any order, and stand in theirs", () => {
  let known = afterTry({ tried: undefined, toTry: undefined }, { kind: "try", try: state(), rollouts: 2 });
  for (const [side, index] of [
    ["edited", 1],
    ["automatic", 0],
    ["edited", 0],
  ] as const) {
    const correct = side === "edited" && index === 1;
    const before = { tried: known.tried, toTry: known.toTry };
    known = { ...before, ...afterTry(before, { kind: "tried", rollout: rollout(side, index, { correct }) }) };
  }
  assert.ok(known.tried);
  assert.deepEqual(
    rolloutsOf(known.tried, "edited").map((one) => one.rollout),
    [0, 1],
  );
  assert.equal(countText(known.tried), "Your edit: 1 of 2 correct. Automatic: 0 of 1 correct.");
  assert.match(phaseText(known.tried), /after step 3: 3 of 4 rollouts/);
});

test("a rollout of a try that the view does not know is left alone", () => {
  assert.deepEqual(afterTry({ tried: undefined, toTry: 10 }, { kind: "tried", rollout: rollout("edited", 0) }), {});
});

test("each outcome has its mark, and each phase its sentence", () => {
  const marks = [{ correct: true }, {}, { formatOk: false }, { truncated: true, formatOk: false }];
  assert.deepEqual(
    marks.map((changes) => markOf(rollout("edited", 0, changes))),
    ["c", "w", "m", "t"],
  );
  const phases = ["asking", "waiting", "drawing", "done", "cancelled"] as const;
  assert.equal(new Set(phases.map((phase) => phaseText(state({ phase })))).size, phases.length);
  assert.deepEqual(
    phases.map((phase) => isOpen(state({ phase }))),
    [true, true, true, false, false],
  );
  assert.equal(phaseText(state({ phase: "refused", reason: "No run lives." })), "No run lives.");
  assert.match(phaseText(state({ policy: { step: 3, updating: true } })), /in the midst of the next update/);
});

test("what a step made of the edit is a verdict that is read out", () => {
  const { verdict, said } = afterTry(
    { tried: undefined, toTry: 10 },
    { kind: "used", step: 14, rollouts: 8, correct: 3 },
  );
  assert.deepEqual([verdict?.state, said], ["accepted", "Used at step 14: 3 of 8 rollouts correct."]);
});
