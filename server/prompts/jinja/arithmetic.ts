/** `+ - * / // % **` and `~`, as Python has them. */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  doubleOf,
  floatOf,
  intOf,
  isNumeric,
  PythonTuple,
  type PythonValue,
  typeOf,
  type WholeFloat,
} from "../../toolcalls/python/value.ts";
import { str, Undefined } from "./values.ts";
import { TemplateError, type Work } from "./work.ts";

type Numeric = number | bigint | boolean | WholeFloat;

/** Digits of the largest int that is computed, `sys.get_int_max_str_digits()`, in bits. */
const MOST_BITS = 14_280;

/** @throws PythonError as Python does: TypeError for operands that do not go together, ZeroDivisionError */
export function combine(operator: string, left: PythonValue, right: PythonValue, work: Work): PythonValue {
  if (operator === "~") return work.text(str(left, work) + str(right, work));
  if (left instanceof Undefined) left.raise();
  if (right instanceof Undefined) right.raise();
  if (isNumeric(left) && isNumeric(right)) return number(operator, left, right);
  if (operator === "+") {
    if (typeof left === "string" && typeof right === "string") return work.text(left + right);
    if (Array.isArray(left) && Array.isArray(right)) return counted(left.concat(right), work);
    if (left instanceof PythonTuple && right instanceof PythonTuple)
      return new PythonTuple(counted([...left.items, ...right.items], work));
  }
  if (operator === "*") {
    const [value, times] = isWhole(right) ? [left, right] : [right, left];
    if (isWhole(times)) return repeated(value, Math.max(0, Number(times)), work);
  }
  if (operator === "%" && typeof left === "string") return formatted(left, right, work);
  throw new PythonError(
    "TypeError",
    `unsupported operand type(s) for ${operator}: '${typeOf(left)}' and '${typeOf(right)}'`,
  );
}

const isWhole = (value: PythonValue): value is number | bigint | boolean =>
  typeof value === "boolean" || typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));

function counted<T extends readonly PythonValue[]>(items: T, work: Work): T {
  work.spend(items.length);
  return items;
}

function repeated(value: PythonValue, times: number, work: Work): PythonValue {
  if (typeof value === "string") {
    work.expect(value.length * times);
    return value.repeat(times);
  }
  if (!Array.isArray(value))
    throw new PythonError("TypeError", `can't multiply sequence by non-int of type '${typeOf(value)}'`);
  work.spend(value.length * times);
  return Array.from({ length: times }, () => value).flat(1);
}

/** `"%s and %d" % values`: the conversions that templates use. */
function formatted(text: string, values: PythonValue, work: Work): string {
  const items = values instanceof PythonTuple ? [...values.items] : [values];
  const filled = text.replace(/%([sd%])/g, (_, kind: string) => {
    if (kind === "%") return "%";
    const value = items.shift();
    if (value === undefined) throw new PythonError("TypeError", "not enough arguments for format string");
    return kind === "d" && isNumeric(value) ? String(Math.trunc(doubleOf(value))) : str(value, work);
  });
  if (items.length > 0) throw new PythonError("TypeError", "not all arguments converted during string formatting");
  return work.text(filled);
}

function number(operator: string, left: Numeric, right: Numeric): PythonValue {
  if (operator !== "/" && isWhole(left) && isWhole(right)) {
    const [a, b] = [BigInt(left), BigInt(right)];
    if (operator !== "**" || b >= 0n) return whole(operator, a, b);
  }
  const [a, b] = [doubleOf(left), doubleOf(right)];
  const divides = operator === "/" || operator === "//" || operator === "%";
  if (divides && b === 0) throw new PythonError("ZeroDivisionError", "division by zero");
  switch (operator) {
    case "+":
      return floatOf(a + b);
    case "-":
      return floatOf(a - b);
    case "*":
      return floatOf(a * b);
    case "/":
      return floatOf(a / b);
    case "//":
      return floatOf(Math.floor(a / b));
    case "%":
      return floatOf(((a % b) + b) % b);
    case "**":
      return floatOf(a ** b);
  }
  throw new TemplateError(`it uses the operator ${operator}, which is not known here`);
}

function whole(operator: string, a: bigint, b: bigint): PythonValue {
  switch (operator) {
    case "+":
      return intOf(a + b);
    case "-":
      return intOf(a - b);
    case "*":
      return intOf(bounded(bits(a) + bits(b), () => a * b));
    case "//":
      return intOf(floored(a, b));
    case "%":
      return intOf(a - floored(a, b) * b);
    case "**":
      return intOf(bounded(bits(a) * Number(b), () => a ** b));
  }
  throw new TemplateError(`it uses the operator ${operator}, which is not known here`);
}

function floored(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new PythonError("ZeroDivisionError", "integer division or modulo by zero");
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** No less than the bits of a magnitude. */
const bits = (value: bigint): number => value.toString(16).length * 4;

function bounded(size: number, compute: () => bigint): bigint {
  if (size > MOST_BITS) throw new TemplateError("it computes a number of more than 4,300 digits");
  return compute();
}
