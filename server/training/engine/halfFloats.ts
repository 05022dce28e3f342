/**
 * The two 16-bit float formats of model files, to and from f32. Bits are moved as integers, so that every value, NaN
 * payloads and signed zeros included, is the same on every machine.
 */

/*
 * Both ways of widening go from the first value to the last and read a value before they write it: `bits` may be the upper
 * half of the memory of `into`, which is how weights are read without a second copy (safetensors.ts).
 */

/** bf16 is the upper half of an f32: widening is exact. `bits`: 16-bit patterns, one per value of `into`. */
export function widenBfloat16(bits: Uint16Array, into: Float32Array): void {
  const out = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < out.length; i++) out[i] = (bits[i] as number) << 16;
}

/**
 * Rounds to the nearest bf16, ties to even (IEEE 754 §4.3.1); beyond the largest finite value it becomes infinite.
 * A NaN stays a NaN: its quiet bit is set, since dropping the lower half could leave an infinity.
 *
 * @returns little-endian bytes, two per value
 */
export function toBfloat16(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i] as number;
    const notNumber = (bit & 0x7fffffff) > 0x7f800000;
    out[i] = notNumber ? (bit >>> 16) | 0x0040 : (bit + 0x7fff + ((bit >>> 16) & 1)) >>> 16;
  }
  return new Uint8Array(out.buffer);
}

/** f16 (IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits) to f32; exact. `bits` as in widenBfloat16. */
export function widenFloat16(bits: Uint16Array, into: Float32Array): void {
  const out = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < out.length; i++) out[i] = widenHalf(bits[i] as number);
}

function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction · 2^-24. Shift its leading 1 into the implicit place; each shift lowers the exponent by one.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

/** Largest finite f16. */
export const MOST_FLOAT16 = 65_504;

/** Rounds to the nearest f16, ties to even; beyond the largest finite value it becomes infinite, and a NaN stays one. `bits` as above. */
export function narrowFloat16(values: Float32Array, bits: Uint16Array): void {
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < from.length; i++) bits[i] = narrowHalf(from[i] as number);
}

/** The f32 bits of 2⁻¹⁴, the smallest normal f16; of the number half-way from the largest f16 to the next power of two; of ∞. */
const NORMAL = 0x38800000;
const OVERFLOW = 0x477ff000;
const INFINITE = 0x7f800000;

function narrowHalf(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const size = single & 0x7fffffff;
  if (size > INFINITE) return sign | 0x7e00;
  if (size >= OVERFLOW) return sign | 0x7c00;
  // A carry out of the fraction raises the exponent, as it should.
  if (size >= NORMAL) return sign | ((size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13);
  // Subnormal: a multiple of 2⁻²⁴. Below half of that, nothing is left; the shift would go round at 32.
  const shift = 126 - (size >>> 23);
  if (shift > 24) return sign;
  const fraction = (size & 0x7fffff) | 0x800000;
  const floor = fraction >>> shift;
  const rest = fraction - (floor << shift);
  const half = 1 << (shift - 1);
  return sign | (floor + (rest > half || (rest === half && floor & 1) ? 1 : 0));
}
