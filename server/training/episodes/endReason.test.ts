import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { endOf, endReason } from "./endReason.ts";

test("the end of an episode is known from its reason, whatever the policy answered", () => {
  const answers = fc.oneof(fc.string(), fc.constantFrom("It ran out of steps.", "."));
  fc.assert(
    fc.property(
      fc.constantFrom("answered", "ran out of steps", "prompt too long"),
      answers,
      fc.boolean(),
      fc.array(answers, { minLength: 1, maxLength: 5 }),
      (end, answer, correct, accepted) => {
        const said = end === "answered" ? { end, answer, correct } : { end, correct: false };
        assert.equal(endOf(endReason(said, accepted)), end);
      },
    ),
    { seed: 3 },
  );
});
