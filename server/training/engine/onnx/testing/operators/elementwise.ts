/** Operators that act on each element alone, with broadcasting. */
import { broadcastShape, broadcastWalk, type Tensor } from "../tensor.ts";
import { type Operator, only } from "./operator.ts";

function elementwise(arity: number, f: (...values: number[]) => number): Operator {
  return (inputs, attributes) => {
    only(attributes);
    if (inputs.length !== arity) throw new Error(`${inputs.length} inputs instead of ${arity}`);
    const shape = broadcastShape(...inputs.map((tensor) => tensor.shape));
    const walks = inputs.map((tensor) => broadcastWalk(tensor.shape, shape));
    const at = (tensor: Tensor, operand: number, i: number) =>
      tensor.data[(walks[operand] as Int32Array)[i] as number] as number;
    const size = walks[0]?.length ?? 0;
    const data = new Float64Array(size);
    for (let i = 0; i < size; i++) data[i] = f(...inputs.map((tensor, operand) => at(tensor, operand, i)));
    return [{ shape, data }];
  };
}

const unary = (f: (x: number) => number) => elementwise(1, f as (...values: number[]) => number);
const binary = (f: (a: number, b: number) => number) => elementwise(2, f as (...values: number[]) => number);
const ternary = (f: (a: number, b: number, c: number) => number) =>
  elementwise(3, f as (...values: number[]) => number);

export const elementwiseOperators: Record<string, Operator> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Min: binary((a, b) => Math.min(a, b)),
  Neg: unary((a) => -a),
  Exp: unary((a) => Math.exp(a)),
  Sigmoid: unary((a) => 1 / (1 + Math.exp(-a))),
  LessOrEqual: binary((a, b) => Number(a <= b)),
  Equal: binary((a, b) => Number(a === b)),
  Where: ternary((condition, a, b) => (condition !== 0 ? a : b)),
  Clip: ternary((a, low, high) => Math.min(Math.max(a, low), high)),
};
