/** `eval` of an operation on constants, as BFCL's reader of calls evaluates `a=2*3`. Names and calls have no value here, nor are they run. */
import { PythonError } from "./error.ts";
import type { Expression } from "./expression.ts";
import { doubleOf, floatOf, intOf, isNumeric, type PythonValue, typeOf, WholeFloat } from "./value.ts";

/** Longest text or list, and most bits of an int, that an operation may make: `9**9**9` would take all memory. */
const LARGEST = 100_000;

/** @throws PythonError for what Python could not evaluate, and for what is too large to be meant */
export function evaluate(expression: Expression): PythonValue {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "list":
      return expression.items.map(evaluate);
    case "unary":
      return unary(expression.operator, evaluate(expression.operand));
    case "binary":
      return binary(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case "name":
      throw new PythonError("NameError", `name '${expression.name}' is not defined`);
    default:
      throw new PythonError("NotImplementedError", "this operation is not evaluated");
  }
}

function unary(operator: string, value: PythonValue): PythonValue {
  if (operator === "not ") return isNumeric(value) ? doubleOf(value) === 0 : unsupported(operator, value);
  if (!isNumeric(value)) return unsupported(operator, value);
  if (isFloat(value)) {
    if (operator === "~") return unsupported(operator, value);
    return floatOf(operator === "-" ? -doubleOf(value) : doubleOf(value));
  }
  const int = BigInt(value);
  if (operator === "~") return intOf(~int);
  return intOf(operator === "-" ? -int : int);
}

function unsupported(operator: string, ...values: PythonValue[]): never {
  const types = values.map((value) => `'${typeOf(value)}'`).join(" and ");
  throw new PythonError("TypeError", `unsupported operand type(s) for ${operator.trim()}: ${types}`);
}

type Numeric = number | bigint | boolean | WholeFloat;
const isFloat = (value: Numeric): value is number | WholeFloat =>
  value instanceof WholeFloat || (typeof value === "number" && !Number.isInteger(value));

function binary(operator: string, left: PythonValue, right: PythonValue): PythonValue {
  if (isNumeric(left) && isNumeric(right)) {
    if (operator === "/") return floatOf(divided(doubleOf(left), doubleOf(right)));
    if (isFloat(left) || isFloat(right)) return floatOf(ofFloats(operator, doubleOf(left), doubleOf(right)));
    return ofInts(operator, BigInt(left), BigInt(right));
  }
  if (operator === "+" && typeof left === "string" && typeof right === "string") return bounded(left + right);
  if (operator === "+" && Array.isArray(left) && Array.isArray(right)) return bounded([...left, ...right]);
  if (operator === "*" && typeof left !== "number" && typeof right === "number") return repeated(left, right);
  if (operator === "*" && typeof left === "number") return repeated(right, left);
  return unsupported(operator, left, right);
}

function bounded<T extends string | PythonValue[]>(value: T): T {
  if (value.length > LARGEST) throw new PythonError("MemoryError", "");
  return value;
}

function repeated(value: PythonValue, times: number): PythonValue {
  const count = Math.max(0, times);
  if (typeof value === "string") {
    if (value.length * count > LARGEST) throw new PythonError("MemoryError", "");
    return value.repeat(count);
  }
  if (!Array.isArray(value)) return unsupported("*", value, times);
  if (value.length * count > LARGEST) throw new PythonError("MemoryError", "");
  return Array.from({ length: count }, () => value).flat(1);
}

function divided(left: number, right: number): number {
  if (right === 0) throw new PythonError("ZeroDivisionError", "division by zero");
  return left / right;
}

function ofFloats(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "**":
      return left ** right;
    case "//":
      return floatFloor(left, right);
    case "%": {
      const rest = divided(left, right) && left % right;
      return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
    }
    default:
      return unsupported(operator, floatOf(left), floatOf(right));
  }
}

/** `float_floor_div`: from the remainder, which is exact, where the quotient is not. */
function floatFloor(left: number, right: number): number {
  if (right === 0) return divided(left, right);
  const rest = left % right;
  const quotient = (left - rest) / right - (rest !== 0 && rest < 0 !== right < 0 ? 1 : 0);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function ofInts(operator: string, left: bigint, right: bigint): PythonValue {
  switch (operator) {
    case "+":
      return intOf(left + right);
    case "-":
      return intOf(left - right);
    case "*":
      return intOf(left * right);
    case "**":
      return power(left, right);
    case "//":
      return intOf(floorDivided(left, right));
    case "%":
      return intOf(left - floorDivided(left, right) * right);
    case "&":
      return intOf(left & right);
    case "|":
      return intOf(left | right);
    case "^":
      return intOf(left ^ right);
    case "<<":
    case ">>":
      return shifted(operator, left, right);
    default:
      return unsupported(operator, intOf(left), intOf(right));
  }
}

function power(base: bigint, exponent: bigint): PythonValue {
  if (exponent < 0n) return floatOf(divided(1, Number(base) ** Number(-exponent)));
  if (BigInt(base.toString(2).length) * exponent > BigInt(LARGEST)) throw new PythonError("MemoryError", "");
  return intOf(base ** exponent);
}

function floorDivided(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new PythonError("ZeroDivisionError", "integer division or modulo by zero");
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

function shifted(operator: string, left: bigint, by: bigint): PythonValue {
  if (by < 0n) throw new PythonError("ValueError", "negative shift count");
  if (by > BigInt(LARGEST)) throw new PythonError("MemoryError", "");
  return intOf(operator === "<<" ? left << by : left >> by);
}
