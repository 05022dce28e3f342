/**
 * AdamW's arithmetic on the host's arrays in WebAssembly (adamw.wat), in float32 as PyTorch has it. JavaScript knows numbers of float64 one by
 * one alone, and takes 2.5 times as long.
 */
import type { AdamWSettings, Coefficients } from "../coefficients.ts";
import { adamwModule } from "./adamwModule.ts";

/** Numbers of each array that are worked on at once: 128 KiB in all. As the module has it. */
const BLOCK = 8192;
const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Numbers of a vector: a block that ends within one is worked on to that one's end. */
const VECTOR = 4;

/** First and second moments of a parameter. */
export interface Moments {
  m: Float32Array;
  v: Float32Array;
}

/** As far as it is needed here: the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** What the module exports. */
interface Kernel {
  memory: { readonly buffer: ArrayBuffer };
  step(end: number, ...coefficients: number[]): void;
  add(end: number): void;
  squares(end: number): number;
}

const module = new WebAssembly.Module(Buffer.from(adamwModule, "base64"));
const kernel = new WebAssembly.Instance(module).exports as Kernel;
const [theta, m, v, gradient] = [0, 1, 2, 3].map(
  (array) => new Float32Array(kernel.memory.buffer, array * BLOCK * BYTES, BLOCK),
) as [Float32Array, Float32Array, Float32Array, Float32Array];

/** One step on a parameter and its moments, in place. All arrays are of one length. */
export function stepBy(
  parameter: Float32Array,
  moments: Moments,
  slope: Float32Array,
  { beta1, beta2, epsilon }: AdamWSettings,
  { scale, rate, secondCorrection, decay }: Coefficients,
): void {
  for (let from = 0; from < parameter.length; from += BLOCK) {
    const count = Math.min(BLOCK, parameter.length - from);
    fill(theta, parameter, from, count);
    fill(m, moments.m, from, count);
    fill(v, moments.v, from, count);
    fill(gradient, slope, from, count);
    kernel.step(bytes(count), scale, beta1, 1 - beta1, beta2, 1 - beta2, rate, secondCorrection, epsilon, decay);
    parameter.set(theta.subarray(0, count), from);
    moments.m.set(m.subarray(0, count), from);
    moments.v.set(v.subarray(0, count), from);
  }
}

/** Sum of the squares of all numbers, in float64. */
export function sumOfSquares(array: Float32Array): number {
  let sum = 0;
  for (let from = 0; from < array.length; from += BLOCK) {
    const count = Math.min(BLOCK, array.length - from);
    fill(gradient, array, from, count);
    gradient.fill(0, count, Math.ceil(count / VECTOR) * VECTOR);
    sum += kernel.squares(bytes(count));
  }
  return sum;
}

/** Adds to each number of `sum` that of `part` in its place. */
export function addTo(sum: Float32Array, part: Float32Array): void {
  for (let from = 0; from < sum.length; from += BLOCK) {
    const count = Math.min(BLOCK, sum.length - from);
    fill(gradient, sum, from, count);
    fill(m, part, from, count);
    kernel.add(bytes(count));
    sum.set(gradient.subarray(0, count), from);
  }
}

function fill(block: Float32Array, array: Float32Array, from: number, count: number): void {
  block.set(array.subarray(from, from + count));
}

/** Of the vectors that hold so many numbers. */
const bytes = (count: number): number => Math.ceil(count / VECTOR) * VECTOR * BYTES;
