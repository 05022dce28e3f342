/** Matrix products. */
import { broadcastShape, broadcastWalk, elements, pick, stridesOf, type Tensor, walk, zeros } from "../tensor.ts";
import { type Attributes, float, input, int, type Operator, only } from "./operator.ts";

/** Offsets of the matrices that a product over broadcast batch axes pairs. */
function batches(shape: readonly number[], batchShape: readonly number[]): Int32Array {
  const size = elements(shape.slice(-2));
  return broadcastWalk(shape.slice(0, -2), batchShape).map((batch) => batch * size);
}

/** NumPy's matmul of tensors of rank 2 or more. */
function product(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length < 2 || b.shape.length < 2) throw new Error("A product of vectors is not needed");
  const [rows, inner, columns] = [a.shape.at(-2) as number, a.shape.at(-1) as number, b.shape.at(-1) as number];
  if (b.shape.at(-2) !== inner) throw new Error(`[${a.shape}] times [${b.shape}]`);
  const batchShape = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [fromA, fromB] = [batches(a.shape, batchShape), batches(b.shape, batchShape)];
  const result = zeros([...batchShape, rows, columns]);
  for (let batch = 0; batch < fromA.length; batch++) {
    for (let i = 0; i < rows; i++) {
      const start = (batch * rows + i) * columns;
      for (let k = 0; k < inner; k++) {
        const left = a.data[(fromA[batch] as number) + i * inner + k] as number;
        const row = (fromB[batch] as number) + k * columns;
        for (let j = 0; j < columns; j++) {
          result.data[start + j] = (result.data[start + j] as number) + left * (b.data[row + j] as number);
        }
      }
    }
  }
  return result;
}

function permuted(tensor: Tensor, axes: readonly number[]): Tensor {
  const shape = axes.map((axis) => tensor.shape[axis] as number);
  const strides = stridesOf(tensor.shape);
  return pick(
    tensor,
    walk(
      shape,
      axes.map((axis) => strides[axis] as number),
    ),
    shape,
  );
}

/** Swaps the last two axes. */
function swapped(tensor: Tensor): Tensor {
  const rank = tensor.shape.length;
  return permuted(tensor, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

/** FusedMatMul's operand: transBatch moves the first axis behind the batch axes, trans swaps the last two after that. */
function operand(tensor: Tensor, attributes: Attributes, side: "A" | "B"): Tensor {
  const rank = tensor.shape.length;
  const moved = int(attributes, `transBatch${side}`, 0)
    ? permuted(tensor, [...Array(rank - 2).keys()].map((axis) => axis + 1).concat(0, rank - 1))
    : tensor;
  return int(attributes, `trans${side}`, 0) ? swapped(moved) : moved;
}

function scaled({ shape, data }: Tensor, factor: number): Tensor {
  return { shape, data: data.map((value) => value * factor) };
}

export const productOperators: Record<string, Operator> = {
  MatMul: (inputs, attributes) => {
    only(attributes);
    return [product(input(inputs, 0), input(inputs, 1))];
  },

  FusedMatMul: (inputs, attributes) => {
    only(attributes, "alpha", "transA", "transB", "transBatchA", "transBatchB");
    const result = product(operand(input(inputs, 0), attributes, "A"), operand(input(inputs, 1), attributes, "B"));
    return [scaled(result, float(attributes, "alpha", 1))];
  },

  Gemm: (inputs, attributes) => {
    only(attributes, "alpha", "beta", "transA", "transB");
    const [a, b] = [input(inputs, 0), input(inputs, 1)];
    if (a.shape.length !== 2 || b.shape.length !== 2) throw new Error("Gemm takes matrices");
    const result = scaled(
      product(int(attributes, "transA", 0) ? swapped(a) : a, int(attributes, "transB", 0) ? swapped(b) : b),
      float(attributes, "alpha", 1),
    );
    const c = inputs[2];
    if (c === undefined) return [result];
    const beta = float(attributes, "beta", 1);
    const from = broadcastWalk(c.shape, result.shape);
    return [
      {
        shape: result.shape,
        data: result.data.map((value, i) => value + beta * (c.data[from[i] as number] as number)),
      },
    ];
  },
};
