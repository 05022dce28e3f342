import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { tokenWeights } from "./aggregation.ts";

const none = (lengths: number[]): boolean[] => lengths.map(() => false);
const total = (weights: Float32Array[]): number => weights.flatMap((each) => [...each]).reduce((sum, w) => sum + w, 0);

test("token-mean: every learnt token weighs the same", () => {
  const lengths = [1, 3];
  assert.deepEqual(tokenWeights(lengths, none(lengths), "token-mean", 8), [
    new Float32Array([0.25]),
    new Float32Array([0.25, 0.25, 0.25]),
  ]);
});

test("sequence-mean: every learnt completion weighs the same", () => {
  const lengths = [1, 2];
  assert.deepEqual(tokenWeights(lengths, none(lengths), "sequence-mean", 8), [
    new Float32Array([0.5]),
    new Float32Array([0.25, 0.25]),
  ]);
});

test("constant: the divisor is completions times the maximum length, masked or not", () => {
  assert.deepEqual(tokenWeights([1, 2], [false, false], "constant", 4), [
    new Float32Array([0.125]),
    new Float32Array([0.125, 0.125]),
  ]);
  assert.deepEqual(tokenWeights([1, 2], [true, false], "constant", 4), [
    new Float32Array([0]),
    new Float32Array([0.125, 0.125]),
  ]);
});

test("masked completions weigh nothing and leave the means", () => {
  assert.deepEqual(tokenWeights([2, 4], [true, false], "token-mean", 4), [
    new Float32Array(2),
    new Float32Array(4).fill(0.25),
  ]);
  assert.deepEqual(tokenWeights([2, 4], [true, false], "sequence-mean", 4), [
    new Float32Array(2),
    new Float32Array(4).fill(0.25),
  ]);
});

test("an empty completion has no mean that could count", () => {
  assert.deepEqual(tokenWeights([0, 2], [false, false], "sequence-mean", 4), [
    new Float32Array(0),
    new Float32Array(2).fill(0.5),
  ]);
});

test("nothing to learn gives zeros, not NaN", () => {
  for (const aggregation of ["token-mean", "sequence-mean", "constant"] as const) {
    assert.deepEqual(tokenWeights([2, 1], [true, true], aggregation, 4), [new Float32Array(2), new Float32Array(1)]);
    assert.deepEqual(tokenWeights([], [], aggregation, 4), []);
    assert.deepEqual(tokenWeights([0], [false], aggregation, 4), [new Float32Array(0)]);
  }
});

test("masks and lengths must belong together", () => {
  assert.throws(() => tokenWeights([1, 2], [false], "token-mean", 4), /2 completions but 1 masks/);
});

test("the means weigh 1 in all, and no completion is weighed by how the batch is ordered", () => {
  const completion = fc.record({ length: fc.integer({ min: 1, max: 40 }), masked: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(completion, { minLength: 1, maxLength: 12 }),
      fc.constantFrom("token-mean", "sequence-mean", "constant"),
      (batch, aggregation) => {
        const weigh = (order: typeof batch): Float32Array[] =>
          tokenWeights(
            order.map(({ length }) => length),
            order.map(({ masked }) => masked),
            aggregation,
            40,
          );
        const weights = weigh(batch);
        for (const [index, { length, masked }] of batch.entries()) {
          assert.equal(weights[index]?.length, length);
          if (masked) assert.ok(weights[index]?.every((weight) => weight === 0));
        }
        if (aggregation !== "constant" && batch.some(({ masked }) => !masked)) {
          assert.ok(Math.abs(total(weights) - 1) < 1e-5);
        }
        assert.ok(total(weights) < 1 + 1e-5);
        assert.deepEqual(weigh(batch.toReversed()).reverse(), weights);
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});
