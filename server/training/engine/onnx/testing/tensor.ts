/** Plain float64 tensors and the one way they are walked: by strides. Integers and booleans are held as numbers too. */

export interface Tensor {
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float64Array;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float64Array(elements(shape)) };
}

/** How far apart neighbours along each axis lie in memory. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** Memory offsets of all elements of `shape`, in order, under the given strides. */
export function walk(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  let offsets = Int32Array.of(start);
  for (const [axis, size] of shape.entries()) {
    const stride = strides[axis] as number;
    const next = new Int32Array(offsets.length * size);
    for (let i = 0; i < offsets.length; i++) {
      for (let j = 0; j < size; j++) next[i * size + j] = (offsets[i] as number) + j * stride;
    }
    offsets = next;
  }
  return offsets;
}

/** The elements at some offsets, in order. */
export function pick({ data }: Tensor, offsets: Int32Array, shape: readonly number[]): Tensor {
  const picked = new Float64Array(offsets.length);
  for (let i = 0; i < offsets.length; i++) picked[i] = data[offsets[i] as number] as number;
  return { shape, data: picked };
}

/** NumPy's rule. Throws where the shapes do not fit. */
export function broadcastShape(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((candidate) => candidate !== 1 && candidate !== size)) {
      throw new Error(`Shapes ${shapes.map((shape) => `[${shape}]`).join(" and ")} do not broadcast`);
    }
    return size;
  });
}

/** Offsets into a tensor of `from` for each element of the shape it is broadcast to. */
export function broadcastWalk(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return walk(
    to,
    to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : (strides[axis - lead] as number))),
  );
}

/** An axis counted from the end where it is negative. */
export function axisOf(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted < 0 || counted >= rank) throw new Error(`Axis ${axis} of a tensor of rank ${rank}`);
  return counted;
}
