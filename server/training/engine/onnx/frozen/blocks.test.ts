import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { BLOCK_SIZES } from "../../../../../schemas/adapter.ts";
import { ownMemory, sharedMemory } from "../model/weights.ts";
import { Random } from "../testing/random.ts";
import { dequantize, quantize } from "./blocks.ts";
import { Unkeepable } from "./unkeepable.ts";

/** Rows of two blocks, and the size of a block. */
const matrices = fc
  .record({ block: fc.constantFrom(...BLOCK_SIZES), rows: fc.integer({ min: 1, max: 3 }) })
  .chain(({ block, rows }) => {
    const length = 2 * block * rows;
    const number = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
    const values = fc.array(number, { minLength: length, maxLength: length }).map((list) => Float32Array.from(list));
    return fc.record({ block: fc.constant(block), values });
  });

test("no number is off by more than half a scale, whatever a block holds", () => {
  fc.assert(
    fc.property(matrices, ({ block, values }) => {
      const blocks = quantize(values, 2 * block, block, ownMemory);
      const back = dequantize(blocks);
      for (const [i, value] of values.entries()) {
        const scale = blocks.scales[Math.floor(i / block)] as number;
        // Beside half a step: rounding to float32 of the scale, of which 15 make a range, and of the product.
        const bound = scale / 2 + 4e-6 * scale + 2 ** -149;
        assert.ok(Math.abs((back[i] as number) - value) <= bound, `${value} became ${back[i]}, of a scale of ${scale}`);
      }
    }),
    { seed: 20_251_122, numRuns: 200 },
  );
});

test("a scale is a fifteenth of a block's range with 0 in it, and zeros stay what they are", () => {
  const values = new Float32Array(64);
  values.set([3, 0, 1.5], 0);
  values.set([-7, 8, 0], 16);
  values.fill(2, 32, 48);
  const blocks = quantize(values, 32, 16, ownMemory);
  assert.deepEqual([...blocks.scales], [3 / 15, 1, 2 / 15, 0].map(Math.fround));
  const back = dequantize(blocks);
  assert.deepEqual([...back.subarray(16, 19)], [-7, 8, 0]);
  for (const [i, value] of values.entries()) if (value === 0) assert.equal(back[i], 0);
});

test("normal weights lose a tenth of their size in blocks of 32, and more in larger ones", () => {
  const weights = new Random(4).normals(128 * 128, 0.02);
  const lost = BLOCK_SIZES.map((block) => {
    const back = dequantize(quantize(weights, 128 * 2, block, ownMemory));
    return Math.hypot(...back.map((value, i) => value - (weights[i] as number))) / Math.hypot(...weights);
  });
  assert.deepEqual(
    lost,
    lost.toSorted((a, b) => a - b),
  );
  assert.ok((lost[1] as number) > 0.06 && (lost[1] as number) < 0.1, `${lost}`);
});

test("blocks lie in the memory that was asked for, and take the bytes that are reckoned", () => {
  const weights = new Random(5).normals(6 * 64);
  const shared = quantize(weights, 64, 32, sharedMemory);
  const own = quantize(weights, 64, 32, ownMemory);
  for (const part of ["packed", "scales", "zeros"] as const) {
    assert.ok(shared[part].buffer instanceof SharedArrayBuffer);
    assert.deepEqual([...shared[part]], [...own[part]]);
  }
  const bytes = [own.packed, own.scales, own.zeros].reduce((sum, { byteLength }) => sum + byteLength, 0);
  assert.equal(bytes, 6 * (32 + 4 * 2 + 1));
});

test("what is not finite, and rows that are no even number of blocks, are refused", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const values = new Float32Array(32);
    values[7] = wrong;
    assert.throws(() => quantize(values, 32, 16, ownMemory), Unkeepable);
  }
  assert.throws(() => quantize(new Float32Array(96), 48, 16, ownMemory), RangeError);
});
