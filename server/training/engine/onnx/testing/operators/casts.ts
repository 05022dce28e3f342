/** Conversions between types of numbers. */
import { narrowFloat16, widenFloat16 } from "../../../halfFloats.ts";
import { DATA_TYPE } from "../../graph/proto.ts";
import { input, int, type Operator, only } from "./operator.ts";

/** The numbers that bits of float16 stand for. */
export function widened(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  widenFloat16(bits, values);
  return values;
}

function rounded(values: Float64Array): Float64Array {
  const bits = new Uint16Array(values.length);
  narrowFloat16(Float32Array.from(values), bits);
  return Float64Array.from(widened(bits));
}

export const castOperators: Record<string, Operator> = {
  /** To float32 nothing is rounded: a graph's meaning is in float64. */
  Cast: (inputs, attributes) => {
    only(attributes, "to");
    const { shape, data } = input(inputs, 0);
    const to = int(attributes, "to", 0);
    if (to === DATA_TYPE.float32) return [{ shape, data }];
    if (to === DATA_TYPE.float16) return [{ shape, data: rounded(data) }];
    throw new Error(`Only floating-point numbers are cast, not to type ${to}`);
  },
};
