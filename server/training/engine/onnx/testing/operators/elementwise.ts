/** Operators that act on each element alone, with broadcasting. */
import { broadcastShape, broadcastWalk, pick, type Tensor } from "../tensor.ts";
import { input, type Operator, only } from "./operator.ts";

/** The values of a tensor at each element of the shape it is broadcast to. */
function spread(tensor: Tensor, shape: readonly number[]): Float64Array {
  if (tensor.shape.join() === shape.join()) return tensor.data;
  return pick(tensor, broadcastWalk(tensor.shape, shape), shape).data;
}

/** The inputs' values side by side, and their common shape. */
function aligned(inputs: readonly Tensor[], arity: number): { shape: number[]; operands: Float64Array[] } {
  if (inputs.length !== arity) throw new Error(`${inputs.length} inputs instead of ${arity}`);
  const shape = broadcastShape(...inputs.map((tensor) => tensor.shape));
  return { shape, operands: inputs.map((tensor) => spread(tensor, shape)) };
}

function unary(f: (x: number) => number): Operator {
  return (inputs, attributes) => {
    only(attributes);
    const { shape, data } = input(inputs, 0);
    return [{ shape, data: data.map(f) }];
  };
}

function binary(f: (a: number, b: number) => number): Operator {
  return (inputs, attributes) => {
    only(attributes);
    const { shape, operands } = aligned(inputs, 2);
    const [a, b] = operands as [Float64Array, Float64Array];
    return [{ shape, data: a.map((value, i) => f(value, b[i] as number)) }];
  };
}

function ternary(f: (a: number, b: number, c: number) => number): Operator {
  return (inputs, attributes) => {
    only(attributes);
    const { shape, operands } = aligned(inputs, 3);
    const [a, b, c] = operands as [Float64Array, Float64Array, Float64Array];
    return [{ shape, data: a.map((value, i) => f(value, b[i] as number, c[i] as number)) }];
  };
}

export const elementwiseOperators: Record<string, Operator> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Min: binary((a, b) => Math.min(a, b)),
  Neg: unary((a) => -a),
  Exp: unary((a) => Math.exp(a)),
  Log: unary((a) => Math.log(a)),
  Floor: unary((a) => Math.floor(a)),
  Sqrt: unary((a) => Math.sqrt(a)),
  Reciprocal: unary((a) => 1 / a),
  Sigmoid: unary((a) => 1 / (1 + Math.exp(-a))),
  LessOrEqual: binary((a, b) => Number(a <= b)),
  Equal: binary((a, b) => Number(a === b)),
  Where: ternary((condition, a, b) => (condition !== 0 ? a : b)),
  Clip: ternary((a, low, high) => Math.min(Math.max(a, low), high)),
};
