import assert from "node:assert/strict";
import test from "node:test";
import type { StepMetrics } from "../../schemas/protocol.ts";
import { joinStepMetrics, splitStepMetrics } from "./stepMetrics.ts";

const metrics: StepMetrics = {
  loss: Number.NaN,
  gradNorm: 1.5,
  learningRate: 1e-6,
  optimizerSteps: 4,
  skippedOptimizerSteps: 0,
  lossScale: 65536,
  overflowedOptimizerSteps: null,
  rewardMean: 0.5,
  rewardStd: 0.1,
  rewardParts: { format: 1, "result.deep": 0.5 },
  accuracy: 0.5,
  zeroVarianceGroups: 0.25,
  allWrongGroups: 0.25,
  allRightGroups: 0,
  clippedLow: 0,
  clippedHigh: 0,
  samplerKl: 0.01,
  samplerGapMean: 1e-6,
  samplerGapMax: 1e-4,
  samplerGapKl: 1e-9,
  samplerGapOutside: 0,
  referenceKl: null,
  entropy: 0.7,
  valueLoss: null,
  explainedVariance: null,
  valueClipped: null,
  epochs: null,
  tokensMean: 12,
  tokensMax: 20,
  truncated: 0,
  hardRows: null,
  fewShotGroups: 3,
  editedGroups: 0,
  examples: null,
  nearDuplicateExamples: null,
  windowReward: 0.5,
  windowVariance: 0.01,
  largestDrop: 0,
  stepsToTarget: null,
  entropyDrift: -0.1,
  lengthDrift: 2,
  collapsed: 0,
  samplingTokensPerSecond: 1000,
  updateTokensPerSecond: null,
  milliseconds: 1234,
};

test("what the seed does not decide is kept apart, and what does not apply is left out", () => {
  const { metrics: kept, timings } = splitStepMetrics(metrics);
  assert.deepEqual(timings, { samplingTokensPerSecond: 1000, milliseconds: 1234 });
  assert.equal(kept["rewardParts.format"], 1);
  assert.equal("referenceKl" in kept || "milliseconds" in kept || "rewardParts" in kept, false);
});

test("the parts join to what they were", () => {
  const { metrics: kept, timings } = splitStepMetrics(metrics);
  assert.deepEqual(joinStepMetrics({ metrics: { ...kept, loss: null }, timings }), metrics);
});
