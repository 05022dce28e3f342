import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { narrowFloat16, toBfloat16, widenBfloat16, widenFloat16 } from "./halfFloats.ts";

const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

function widened(widen: typeof widenBfloat16, bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  widen(bits, values);
  return values;
}
const fromBfloat16 = (bits: Uint16Array) => widened(widenBfloat16, bits);
const fromFloat16 = (bits: Uint16Array) => widened(widenFloat16, bits);
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);
const halvesOf = (bytes: Uint8Array): Uint16Array => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);

test("every bf16 survives widening and rounding, a signalling NaN as its quiet twin", () => {
  const back = halvesOf(toBfloat16(fromBfloat16(all)));
  for (const bits of all) {
    const notNumber = (bits & 0x7fff) > 0x7f80;
    assert.equal(back[bits], notNumber ? bits | 0x40 : bits);
  }
});

test("rounding to bf16 takes the nearest value and, between two, the even one", () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(3e38), min: Math.fround(-3e38) });
  const tie = fc.integer({ min: 0, max: 0x7f7e }).map((upper) => fromBits((upper << 16) | 0x8000));
  fc.assert(
    fc.property(fc.oneof(finite, tie), (value) => {
      const [rounded] = halvesOf(toBfloat16(Float32Array.of(value)));
      const truncated = (bitsOf(Float32Array.of(value))[0] as number) >>> 16;
      // Distances between neighbouring f32 values are exact in f64.
      const distance = (bits: number): number => Math.abs((fromBfloat16(Uint16Array.of(bits))[0] as number) - value);
      const [near, far] = [distance(truncated), distance(truncated + 1)];
      const expected = near < far || (near === far && truncated % 2 === 0) ? truncated : truncated + 1;
      assert.equal(rounded, expected);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test("what is beyond the largest bf16 becomes infinite, and a NaN never does", () => {
  const largest = 3.3895313892515355e38;
  const values = Float32Array.of(
    largest,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    Infinity,
    fromBits(0x7f800001),
  );
  assert.deepEqual([...fromBfloat16(halvesOf(toBfloat16(values)))], [largest, Infinity, -Infinity, Infinity, NaN]);
});

test("every f16 widens as the language's own reader has it", () => {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { getFloat16?: (at: number, little: boolean) => number };
  const widened = fromFloat16(all);
  for (const bits of all) {
    view.setUint16(0, bits, true);
    const expected = view.getFloat16?.(0, true) ?? byDefinition(bits);
    assert.ok(Object.is(widened[bits], expected), `${bits.toString(16)}: ${widened[bits]} is not ${expected}`);
  }
});

const toFloat16 = (values: Float32Array): Uint16Array => {
  const bits = new Uint16Array(values.length);
  narrowFloat16(values, bits);
  return bits;
};

test("every f16 survives widening and rounding, a NaN as a quiet one of its sign", () => {
  const back = toFloat16(fromFloat16(all));
  for (const bits of all) {
    const notNumber = (bits & 0x7fff) > 0x7c00;
    assert.equal(back[bits], notNumber ? (bits & 0x8000) | 0x7e00 : bits);
  }
});

test("rounding to f16 takes the nearest value and, between two, the even one, subnormal ones too", () => {
  const largest = 65504;
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true, max: largest, min: -largest });
  const small = fc.float({ noNaN: true, max: Math.fround(2 ** -13), min: Math.fround(-(2 ** -13)) });
  const magnitude = (bits: number): number => fromFloat16(Uint16Array.of(bits))[0] as number;
  const tie = fc.integer({ min: 0, max: 0x7bfe }).map((bits) => (magnitude(bits) + magnitude(bits + 1)) / 2);
  fc.assert(
    fc.property(fc.oneof(finite, small, tie), (value) => {
      const rounded = toFloat16(Float32Array.of(value))[0] as number;
      const found = rounded & 0x7fff;
      const distance = (bits: number): number => Math.abs(magnitude(bits) - Math.abs(value));
      assert.equal(rounded >>> 15, Object.is(Math.sign(value), -0) || value < 0 ? 1 : 0);
      for (const other of [found - 1, found + 1]) {
        if (other < 0 || other > 0x7bff) continue;
        const nearer = distance(other) - distance(found);
        assert.ok(nearer > 0 || (nearer === 0 && found % 2 === 0), `${value} became ${magnitude(found)}`);
      }
    }),
    { seed: 8, numRuns: 3000 },
  );
});

test("what rounds beyond the largest f16 becomes infinite", () => {
  const values = Float32Array.of(65504, 65519.996, 65520, -65520, 3e38, -Infinity, 2 ** -25, 2 ** -24, -(2 ** -26));
  const expected = [65504, 65504, Infinity, -Infinity, Infinity, -Infinity, 0, 2 ** -24, -0];
  assert.deepEqual([...fromFloat16(toFloat16(values))], expected);
});

test("values are widened in place, from the upper half of the memory that they end in", () => {
  for (const widen of [widenBfloat16, widenFloat16]) {
    for (const length of [0, 1, 2, 3, 7, all.length]) {
      const bits = all.subarray(all.length - length);
      const values = new Float32Array(length);
      const upper = new Uint16Array(values.buffer, 2 * length, length);
      upper.set(bits);
      widen(upper, values);
      assert.deepEqual(bitsOf(values), bitsOf(widened(widen, bits)));
    }
  }
});

/** IEEE 754-2019 §3.4, in plain arithmetic. */
function byDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function fromBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0] as number;
}
