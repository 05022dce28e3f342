import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Settings } from "../../../schemas/experiment.ts";
import { PRESETS } from "../../../schemas/presets.ts";
import { learningRateAt } from "./schedule.ts";

const settings = (changes: Partial<Settings["optimizer"]>): Settings["optimizer"] => ({
  ...PRESETS.grpo.settings.optimizer,
  learningRate: 1,
  warmupSteps: 0,
  ...changes,
});
const rates = (steps: number, changes: Partial<Settings["optimizer"]>): number[] =>
  Array.from({ length: steps }, (_, step) => Number(learningRateAt(step, steps, settings(changes)).toFixed(6)));

test("constant stays; linear and cosine fall towards 0 at the end of the run", () => {
  assert.deepEqual(rates(3, { schedule: "constant" }), [1, 1, 1]);
  assert.deepEqual(rates(4, { schedule: "linear" }), [1, 0.75, 0.5, 0.25]);
  assert.deepEqual(rates(4, { schedule: "cosine" }), [1, 0.853553, 0.5, 0.146447]);
});

test("warm-up rises evenly to the full rate and wastes no step at 0", () => {
  assert.deepEqual(rates(6, { schedule: "constant", warmupSteps: 3 }), [0.25, 0.5, 0.75, 1, 1, 1]);
  assert.deepEqual(rates(5, { schedule: "linear", warmupSteps: 1 }), [0.5, 1, 0.75, 0.5, 0.25]);
});

test("a warm-up longer than the run never reaches the full rate", () => {
  assert.deepEqual(rates(2, { schedule: "cosine", warmupSteps: 9 }), [0.1, 0.2]);
});

test("rates are positive within the run, at most the full rate, and proportional to it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 250 }),
      fc.constantFrom("constant", "linear", "cosine"),
      (steps, warmupSteps, schedule) => {
        for (let step = 0; step < steps; step++) {
          const rate = learningRateAt(step, steps, settings({ warmupSteps, schedule }));
          assert.ok(rate > 0 && rate <= 1, `${rate} at ${step} of ${steps}`);
          const small = learningRateAt(step, steps, settings({ warmupSteps, schedule, learningRate: 1e-6 }));
          assert.ok(Math.abs(small - rate * 1e-6) < 1e-15);
        }
      },
    ),
    { seed: 12, numRuns: 100 },
  );
});
