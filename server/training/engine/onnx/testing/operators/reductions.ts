/** Sums, softmaxes and what is fused around them. */
import { axisOf, stridesOf, type Tensor, walk, zeros } from "../tensor.ts";
import { type Attributes, float, input, int, type Operator, only } from "./operator.ts";

/** Offset of the result that each element goes into, and the results' shape with and without the reduced axes. */
function reduced(inputs: readonly Tensor[], attributes: Attributes) {
  only(attributes, "keepdims");
  const a = input(inputs, 0);
  const rank = a.shape.length;
  const given = inputs[1] === undefined ? [] : Array.from(inputs[1].data, (axis) => axisOf(axis, rank));
  const axes = new Set(given.length > 0 ? given : a.shape.keys());
  const kept = a.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
  const strides = stridesOf(kept).map((stride, axis) => (axes.has(axis) ? 0 : stride));
  const shape = int(attributes, "keepdims", 1) ? kept : kept.filter((_, axis) => !axes.has(axis));
  return { data: a.data, targets: walk(a.shape, strides), kept, shape };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** Folds the elements of each result together, beginning with `start`. */
function fold(start: number, f: (total: number, value: number) => number): Operator {
  return (inputs, attributes) => {
    const { data, targets, kept, shape } = reduced(inputs, attributes);
    const totals = zeros(kept).data.fill(start);
    for (const [i, target] of targets.entries()) totals[target] = f(totals[target] as number, data[i] as number);
    return [{ shape, data: totals }];
  };
}

/** Applies f to each row along the last axis. */
function rowwise(f: (row: Float64Array) => Float64Array): Operator {
  return (inputs, attributes) => {
    only(attributes, "axis");
    const a = input(inputs, 0);
    const rank = a.shape.length;
    if (axisOf(int(attributes, "axis", -1), rank) !== rank - 1) throw new Error("Only the last axis is needed");
    const result = zeros(a.shape);
    const width = a.shape.at(-1) as number;
    for (let start = 0; start < a.data.length; start += width) {
      result.data.set(f(a.data.subarray(start, start + width)), start);
    }
    return [result];
  };
}

function logSumExp(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
}

function logSoftmax(values: Float64Array): Float64Array {
  const total = logSumExp(values);
  return values.map((value) => value - total);
}

export const reductionOperators: Record<string, Operator> = {
  ReduceSum: fold(0, (total, value) => total + value),
  ReduceSumSquare: fold(0, (total, value) => total + value * value),
  ReduceMax: fold(Number.NEGATIVE_INFINITY, (most, value) => Math.max(most, value)),

  Softmax: rowwise((row) => logSoftmax(row).map(Math.exp)),
  LogSoftmax: rowwise(logSoftmax),

  /** y = w ∘ x·r, and r = 1/√(mean(x²) + ε). */
  SimplifiedLayerNormalization: (inputs, attributes) => {
    only(attributes, "axis", "epsilon", "stash_type");
    const [x, weight] = [input(inputs, 0), input(inputs, 1)];
    if (axisOf(int(attributes, "axis", -1), x.shape.length) !== x.shape.length - 1)
      throw new Error("Only the last axis");
    const width = x.shape.at(-1) as number;
    if (weight.data.length !== width) throw new Error(`${weight.data.length} weights of ${width}`);
    const epsilon = float(attributes, "epsilon", 1e-5);
    const y = zeros(x.shape);
    const r = zeros([...x.shape.slice(0, -1), 1]);
    for (let row = 0; row < r.data.length; row++) {
      const values = x.data.subarray(row * width, (row + 1) * width);
      const scale = 1 / Math.sqrt(sum(values.map((value) => value * value)) / width + epsilon);
      r.data[row] = scale;
      y.data.set(
        values.map((value, i) => value * scale * (weight.data[i] as number)),
        row * width,
      );
    }
    return [y, r];
  },

  /** The half-split rotation of every head of x [batch, sequence, heads·size] to positions [batch, sequence]. */
  RotaryEmbedding: (inputs, attributes) => {
    only(attributes, "interleaved");
    const [x, positions, cos, sin] = [0, 1, 2, 3].map((index) => input(inputs, index)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    if (int(attributes, "interleaved", 0) !== 0) throw new Error("Only half-split heads are needed");
    if (x.shape.length !== 3 || positions.shape.join() !== x.shape.slice(0, 2).join()) throw new Error(`[${x.shape}]`);
    const half = cos.shape[1] as number;
    const width = x.shape[2] as number;
    if (width % (2 * half) !== 0) throw new Error(`Heads of ${2 * half} in ${width}`);
    const y = zeros(x.shape);
    for (const [row, position] of positions.data.entries()) {
      if (position < 0 || position >= (cos.shape[0] as number)) throw new Error(`Position ${position}`);
      for (let head = row * width; head < (row + 1) * width; head += 2 * half) {
        for (let i = 0; i < half; i++) {
          const [c, s] = [cos.data[position * half + i] as number, sin.data[position * half + i] as number];
          const [a, b] = [x.data[head + i] as number, x.data[head + half + i] as number];
          y.data[head + i] = a * c - b * s;
          y.data[head + half + i] = b * c + a * s;
        }
      }
    }
    return [y];
  },
};
