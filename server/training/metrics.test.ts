import assert from "node:assert/strict";
import test from "node:test";
import type { TakenUpdate } from "./learning.ts";
import { driftOf, exampleMetrics, rate } from "./metrics.ts";
import { mean, standardDeviation } from "./statistics.ts";

/** One group with one completion of three tokens whose log-probabilities moved by `moves`. */
function update(advantage: number, moves: number[], weights = [0.1, 0.1, 0.1]): TakenUpdate {
  const oldLogprobs = Float32Array.of(-1, -1, -1);
  const logprobs = [[Float32Array.from(moves, (move) => -1 + move)]];
  const signals = [{ weights: Float32Array.from(weights), advantage, oldLogprobs }];
  return {
    groups: [{ prompt: Int32Array.of(1, 2), completions: [Int32Array.of(3, 4, 5)], signals }],
    metrics: { loss: 0, gradNorm: 0, logprobs, tokens: 5, microBatches: 1, milliseconds: 1 },
    learningRate: 1,
  };
}

test("the clip counts where it acts: up with a positive advantage, down with a negative one", () => {
  const moves = [Math.log(1.3), Math.log(0.7), 0];
  assert.deepEqual(clips(driftOf([update(1, moves)], 0.2, 0.26)), [0, 1 / 3]);
  assert.deepEqual(clips(driftOf([update(-1, moves)], 0.2, 0.26)), [1 / 3, 0]);
  assert.deepEqual(clips(driftOf([update(0, moves)], 0.2, 0.26)), [0, 0]);
  assert.deepEqual(clips(driftOf([update(1, moves)], 0.2, 0.31)), [0, 0]);
  assert.deepEqual(clips(driftOf([update(1, moves, [0, 0.1, 0.1])], 0.2, 0.26)), [0, 0]);
});

function clips({ clippedLow, clippedHigh }: ReturnType<typeof driftOf>): number[] {
  return [clippedLow, clippedHigh];
}

test("the drift from the sampling policy is the k3 estimate", () => {
  const { samplerKl } = driftOf([update(1, [0.5, 0, -0.5])], 0.2, 0.2);
  const k3 = (d: number): number => Math.exp(d) - d - 1;
  assert.ok(Math.abs(samplerKl - (k3(0.5) + k3(0) + k3(-0.5)) / 3) < 1e-6);
  assert.equal(driftOf([], 0.2, 0.2).samplerKl, 0);
});

test("means and deviations", () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(mean([]), 0);
  assert.equal(standardDeviation([1, 3]), Math.SQRT2);
  assert.equal(standardDeviation([5]), 0);
  assert.equal(rate(10, 0), null);
  assert.equal(rate(10, 500), 20);
});

test("examples are counted over completions, near-duplicates over examples", () => {
  const example = (question: string): string => JSON.stringify({ tool: "t", question, answer: 1 });
  const block = (...questions: string[]): string => `<examples>\n${questions.map(example).join("\n")}\n</examples>`;
  const texts = [block("Play Bach", "please play BACH!", "Stop"), "no examples", block("One")];
  assert.deepEqual(exampleMetrics(texts), { examples: 4 / 3, nearDuplicateExamples: 1 / 4 });
  assert.deepEqual(exampleMetrics([]), { examples: 0, nearDuplicateExamples: 0 });
});
