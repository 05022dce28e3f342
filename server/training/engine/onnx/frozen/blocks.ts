/**
 * Matrices in blocks of 4-bit integers: each block of numbers along a row has a scale s and a zero point z, and a number w is kept as
 * q = round(w / s) + z in 0 … 15, which stands for (q − z)·s. Round to nearest, asymmetric: the range of a block, 0 included, is cut into 15
 * equal steps, so nothing is off by more than half a step. (Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs", section 3,
 * have a table of 16 unequal steps instead, NF4, for which ONNX Runtime has no kernel on a GPU.)
 *
 * The layout is the one that ONNX Runtime's MatMulNBits and GatherBlockQuantized read: two numbers to a byte, the first in the low half, and
 * so with zero points, of which each row begins with a byte of its own.
 */
import type { Allocate } from "../model/weights.ts";
import { Unkeepable } from "./unkeepable.ts";

/** Bits that a number is kept in, and the largest integer that they hold. */
export const BITS = 4;
const MOST = 2 ** BITS - 1;

/** A matrix [out, in] in blocks along its rows; `in` is an even number of blocks. */
export interface Blocks {
  /** [out, in / 2]. */
  packed: Uint8Array;
  /** [out, in / block]. */
  scales: Float32Array;
  /** [out, in / block / 2]. */
  zeros: Uint8Array;
}

/** What the blocks of a matrix [out, input] are made of: tensors by their part, with the shapes that graphs read them in. */
export function blockShapes(out: number, input: number, block: number): Record<keyof Blocks, [number, number]> {
  const blocks = input / block;
  return { packed: [out, input / 2], scales: [out, blocks], zeros: [out, blocks / 2] };
}

/**
 * @param weight [out, input], all of it finite
 * @param block numbers of a block, even; input is an even number of blocks
 * @throws Unkeepable where a number is not finite: no scale makes a range of it
 */
export function quantize(weight: Float32Array, input: number, block: number, allocate: Allocate): Blocks {
  const count = weight.length / block;
  const packed = bytesIn(allocate, weight.length / 2);
  const scales = allocate(count);
  const zeros = bytesIn(allocate, count / 2);
  if (!Number.isInteger(input / block / 2)) throw new RangeError(`${input} is no even number of blocks of ${block}`);
  for (let b = 0; b < count; b++) {
    const start = b * block;
    const { scale, zero } = stepsOf(weight, start, start + block);
    scales[b] = scale;
    put(zeros, b, zero);
    for (let i = start; i < start + block; i++) put(packed, i, nearest(weight[i] as number, scale, zero));
  }
  return { packed, scales, zeros };
}

/** The numbers that blocks stand for, [out, in], as every device computes them: one product in float32. */
export function dequantize({ packed, scales, zeros }: Blocks): Float32Array {
  const length = packed.length * 2;
  const block = length / scales.length;
  return Float32Array.from({ length }, (_, i) => {
    const b = Math.floor(i / block);
    return (half(packed, i) - half(zeros, b)) * (scales[b] as number);
  });
}

/** Scale, a float32, and zero point of the numbers from start to before end. */
function stepsOf(weight: Float32Array, start: number, end: number): { scale: number; zero: number } {
  let [least, most] = [0, 0];
  for (let i = start; i < end; i++) {
    least = Math.min(least, weight[i] as number);
    most = Math.max(most, weight[i] as number);
  }
  const scale = Math.fround((most - least) / MOST);
  if (!Number.isFinite(scale)) throw new Unkeepable("a number that is not finite, which cannot be kept in 4 bits");
  return { scale, zero: scale === 0 ? 0 : Math.round(-least / scale) };
}

function nearest(value: number, scale: number, zero: number): number {
  if (scale === 0) return zero;
  return Math.min(MOST, Math.max(0, Math.round(value / scale) + zero));
}

/** Writes the i-th 4-bit number of bytes that are zero. */
function put(bytes: Uint8Array, i: number, value: number): void {
  const at = i >> 1;
  bytes[at] = (bytes[at] as number) | (value << (BITS * (i & 1)));
}

function half(bytes: Uint8Array, i: number): number {
  return ((bytes[i >> 1] as number) >> (BITS * (i & 1))) & MOST;
}

/** Bytes in that kind of memory, all zero. */
function bytesIn(allocate: Allocate, length: number): Uint8Array {
  const { buffer, byteOffset } = allocate(Math.ceil(length / Float32Array.BYTES_PER_ELEMENT));
  return new Uint8Array(buffer, byteOffset, length);
}
