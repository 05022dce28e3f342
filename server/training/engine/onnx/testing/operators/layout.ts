/** Operators that move elements: views, cuts, joins, gathers and scatters. */
import {
  axisOf,
  broadcastShape,
  broadcastWalk,
  elements,
  pick,
  stridesOf,
  type Tensor,
  walk,
  zeros,
} from "../tensor.ts";
import { input, int, type Operator, only } from "./operator.ts";

const numbersOf = ({ data }: Tensor) => Array.from(data);

/** The part of a tensor that begins at `starts`. */
function part(tensor: Tensor, starts: readonly number[], shape: readonly number[]): Tensor {
  const strides = stridesOf(tensor.shape);
  const start = starts.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0);
  return pick(tensor, walk(shape, strides, start), shape);
}

/** Writes a tensor into a larger one at `starts`. */
function place(target: Tensor, starts: readonly number[], tensor: Tensor): void {
  const strides = stridesOf(target.shape);
  const start = starts.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0);
  for (const [i, offset] of walk(tensor.shape, strides, start).entries()) {
    target.data[offset] = tensor.data[i] as number;
  }
}

const along = (shape: readonly number[], axis: number, size: number) =>
  shape.map((old, index) => (index === axis ? size : old));

const at = (rank: number, axis: number, start: number) => along(Array(rank).fill(0), axis, start);

/** Offset of the element of `shape` that an index tensor names along an axis, for each of its elements. */
function indexed(shape: readonly number[], indices: Tensor, axis: number): Int32Array {
  const strides = stridesOf(shape);
  const stride = strides[axis] as number;
  return walk(
    indices.shape,
    at(shape.length, axis, 0).map((_, i) => (i === axis ? 0 : (strides[i] as number))),
  ).map((offset, i) => offset + stride * bounded(indices.data[i] as number, shape[axis] as number));
}

function bounded(index: number, size: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= size) throw new Error(`Index ${index} of ${size}`);
  return index;
}

export const layoutOperators: Record<string, Operator> = {
  Shape: (inputs, attributes) => {
    only(attributes, "start", "end");
    const { shape } = input(inputs, 0);
    const sizes = shape.slice(int(attributes, "start", 0), int(attributes, "end", shape.length));
    return [{ shape: [sizes.length], data: Float64Array.from(sizes) }];
  },

  Reshape: (inputs, attributes) => {
    only(attributes);
    const [a, shape] = [input(inputs, 0), numbersOf(input(inputs, 1))];
    if (elements(shape) !== a.data.length) throw new Error(`[${a.shape}] reshaped to [${shape}]`);
    return [{ shape, data: a.data }];
  },

  Transpose: (inputs, attributes) => {
    only(attributes, "perm");
    const [a, perm] = [input(inputs, 0), attributes.perm as readonly number[]];
    const shape = perm.map((axis) => a.shape[axis] as number);
    const strides = stridesOf(a.shape);
    return [
      pick(
        a,
        walk(
          shape,
          perm.map((axis) => strides[axis] as number),
        ),
        shape,
      ),
    ];
  },

  Expand: (inputs, attributes) => {
    only(attributes);
    const a = input(inputs, 0);
    const shape = broadcastShape(a.shape, numbersOf(input(inputs, 1)));
    return [pick(a, broadcastWalk(a.shape, shape), shape)];
  },

  Split: (inputs, attributes) => {
    only(attributes, "axis");
    const [a, sizes] = [input(inputs, 0), numbersOf(input(inputs, 1))];
    const axis = axisOf(int(attributes, "axis", 0), a.shape.length);
    let start = 0;
    const pieces = sizes.map((size) => {
      const piece = part(a, at(a.shape.length, axis, start), along(a.shape, axis, size));
      start += size;
      return piece;
    });
    if (start !== a.shape[axis]) throw new Error(`Pieces [${sizes}] of ${a.shape[axis]}`);
    return pieces;
  },

  Concat: (inputs, attributes) => {
    only(attributes, "axis");
    const { shape } = input(inputs, 0);
    const axis = axisOf(int(attributes, "axis", Number.NaN), shape.length);
    const size = inputs.reduce((sum, tensor) => sum + (tensor.shape[axis] as number), 0);
    const result = zeros(along(shape, axis, size));
    let start = 0;
    for (const tensor of inputs) {
      if (along(tensor.shape, axis, 0).join() !== along(shape, axis, 0).join()) throw new Error(`[${tensor.shape}]`);
      place(result, at(shape.length, axis, start), tensor);
      start += tensor.shape[axis] as number;
    }
    return [result];
  },

  Slice: (inputs, attributes) => {
    only(attributes);
    const [a, starts, ends, axes] = [0, 1, 2, 3].map((index) => input(inputs, index)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    if (inputs.length > 4 && numbersOf(input(inputs, 4)).some((step) => step !== 1)) throw new Error("Only steps of 1");
    const from = a.shape.map(() => 0);
    const shape = [...a.shape];
    for (const [i, axis] of numbersOf(axes).entries()) {
      const [start, end] = [starts.data[i] as number, ends.data[i] as number];
      if (start < 0 || end < start || end > (a.shape[axis] as number)) throw new Error(`Slice ${start} to ${end}`);
      from[axis] = start;
      shape[axis] = end - start;
    }
    return [part(a, from, shape)];
  },

  Pad: (inputs, attributes) => {
    only(attributes);
    const [a, pads] = [input(inputs, 0), numbersOf(input(inputs, 1))];
    if (inputs.length > 2 || pads.some((size) => size < 0)) throw new Error("Only padding with zeros is needed");
    const rank = a.shape.length;
    const result = zeros(a.shape.map((size, axis) => size + (pads[axis] as number) + (pads[rank + axis] as number)));
    place(result, pads.slice(0, rank), a);
    return [result];
  },

  Gather: (inputs, attributes) => {
    only(attributes, "axis");
    const [table, ids] = [input(inputs, 0), input(inputs, 1)];
    if (axisOf(int(attributes, "axis", 0), table.shape.length) !== 0) throw new Error("Only rows are gathered");
    const row = elements(table.shape.slice(1));
    const result = zeros([...ids.shape, ...table.shape.slice(1)]);
    for (const [i, id] of ids.data.entries()) {
      const start = bounded(id, table.shape[0] as number) * row;
      result.data.set(table.data.subarray(start, start + row), i * row);
    }
    return [result];
  },

  GatherElements: (inputs, attributes) => {
    only(attributes, "axis");
    const [a, indices] = [input(inputs, 0), input(inputs, 1)];
    const axis = axisOf(int(attributes, "axis", 0), a.shape.length);
    return [pick(a, indexed(a.shape, indices, axis), indices.shape)];
  },

  ScatterElements: (inputs, attributes) => {
    only(attributes, "axis", "reduction");
    const [a, indices, updates] = [0, 1, 2].map((index) => input(inputs, index)) as [Tensor, Tensor, Tensor];
    if (attributes.reduction !== "add") throw new Error("Only adding is needed");
    if (indices.shape.join() !== updates.shape.join()) throw new Error(`[${indices.shape}], [${updates.shape}]`);
    const result = { shape: a.shape, data: a.data.slice() };
    const axis = axisOf(int(attributes, "axis", 0), a.shape.length);
    for (const [i, offset] of indexed(a.shape, indices, axis).entries()) {
      result.data[offset] = (result.data[offset] as number) + (updates.data[i] as number);
    }
    return [result];
  },
};
