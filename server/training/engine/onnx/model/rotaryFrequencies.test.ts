import assert from "node:assert/strict";
import test from "node:test";
import { type RotaryScaling, rotaryFrequencies } from "./rotaryFrequencies.ts";

const close = (found: number, expected: number) =>
  assert.ok(Math.abs(found / expected - 1) < 1e-12, `${found}, ${expected}`);

test("pair i of a head of size d turns by θ^(−2i/d)", () => {
  const frequencies = rotaryFrequencies(8, 10_000);
  assert.equal(frequencies.length, 4);
  for (const [i, expected] of [1, 0.1, 0.01, 0.001].entries()) close(frequencies[i] as number, expected);
});

test("linear scaling divides every frequency", () => {
  for (const [i, frequency] of rotaryFrequencies(8, 10_000, { kind: "linear", factor: 4 }).entries()) {
    close(frequency, 10 ** -i / 4);
  }
});

/** Llama 3.1's own numbers. */
const LLAMA: RotaryScaling = {
  kind: "llama3",
  factor: 8,
  lowFrequency: 1,
  highFrequency: 4,
  originalPositions: 8192,
};

test("llama3 keeps pairs of four turns and more over the original context, stretches those of one and less, and blends the others", () => {
  const [size, theta] = [128, 500_000];
  const plain = rotaryFrequencies(size, theta);
  const kinds = { kept: 0, stretched: 0, blended: 0 };
  for (const [i, frequency] of rotaryFrequencies(size, theta, LLAMA).entries()) {
    const before = plain[i] as number;
    const wavelength = (2 * Math.PI) / before;
    if (wavelength < 8192 / 4) {
      assert.equal(frequency, before);
      kinds.kept += 1;
    } else if (wavelength > 8192) {
      close(frequency, before / 8);
      kinds.stretched += 1;
    } else {
      const share = (8192 / wavelength - 1) / 3;
      close(frequency, share * before + ((1 - share) * before) / 8);
      kinds.blended += 1;
    }
  }
  // The pairs at which the wavelength passes 2048 and 8192: 64·ln(2048 / 2π) / ln θ = 28.2, 64·ln(8192 / 2π) / ln θ = 34.98.
  assert.deepEqual(kinds, { kept: 29, blended: 6, stretched: 29 });
});
