/** Operators on matrices that are kept in blocks of 4-bit integers. */
import { elements, type Tensor, zeros } from "../tensor.ts";
import { type Attributes, input, int, type Operator, only } from "./operator.ts";

/** The i-th 4-bit number of a row of bytes: the first of a byte is its low half. */
const half = (bytes: Tensor, row: number, rowBytes: number, i: number) =>
  Math.floor((bytes.data[row * rowBytes + (i >> 1)] as number) / (i % 2 ? 16 : 1)) % 16;

/** (q − z)·s for each number of a matrix [rows, columns]. */
function matrixOf([packed, scales, zeroPoints]: [Tensor, Tensor, Tensor], rows: number, block: number): Tensor {
  const columns = (2 * elements(packed.shape)) / rows;
  const blocks = columns / block;
  if (scales.shape.join() !== `${rows},${blocks}`) throw new Error(`Scales [${scales.shape}] of [${rows}, ${columns}]`);
  if (zeroPoints.shape.join() !== `${rows},${blocks / 2}`) throw new Error(`Zero points [${zeroPoints.shape}]`);
  const result = zeros([rows, columns]);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      const b = Math.floor(i / block);
      const steps = half(packed, row, columns / 2, i) - half(zeroPoints, row, blocks / 2, b);
      result.data[row * columns + i] = steps * (scales.data[row * blocks + b] as number);
    }
  }
  return result;
}

function blockOf(attributes: Attributes): number {
  if (int(attributes, "bits", 0) !== 4) throw new Error("Only 4 bits are needed");
  return int(attributes, "block_size", 0);
}

const parts = (inputs: readonly Tensor[], ...indices: [number, number, number]) =>
  indices.map((index) => input(inputs, index)) as [Tensor, Tensor, Tensor];

export const quantizedOperators: Record<string, Operator> = {
  MatMulNBits: (inputs, attributes) => {
    only(attributes, "K", "N", "bits", "block_size");
    const [inner, columns] = [int(attributes, "K", 0), int(attributes, "N", 0)];
    const a = input(inputs, 0);
    const w = matrixOf(parts(inputs, 1, 2, 3), columns, blockOf(attributes));
    const [rows, width] = a.shape as [number, number];
    if (width !== inner || w.shape[1] !== inner) throw new Error(`[${a.shape}] times [${w.shape}] transposed`);
    const result = zeros([rows, columns]);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += (a.data[i * inner + k] as number) * (w.data[j * inner + k] as number);
        result.data[i * columns + j] = sum;
      }
    }
    return [result];
  },

  GatherBlockQuantized: (inputs, attributes) => {
    only(attributes, "bits", "block_size", "gather_axis", "quantize_axis");
    const [data, ids] = [input(inputs, 0), input(inputs, 1)];
    const rows = data.shape[0] as number;
    if (int(attributes, "gather_axis", 0) !== 0 || int(attributes, "quantize_axis", 1) !== 1)
      throw new Error("Only rows");
    if (ids.data.length !== rows || ids.data.some((id, i) => id !== i)) throw new Error("Only all rows in order");
    return [matrixOf(parts(inputs, 0, 2, 3), rows, blockOf(attributes))];
  },
};
