/**
 * JSON numbers without rounding. A double holds every integer below 2^53 and fractions to 16 digits; what the text had
 * beyond that survives as an ExactNumber (parseExactJson) or, from other callers, as a bigint. All three are numbers here,
 * compared as the decimals they were written as. Infinity, which JSON.parse makes of 1e999, is a number but no integer.
 */
import { type ExactNumber, isExactNumber } from "../json.ts";

export type JsonNumber = number | bigint | ExactNumber;

/** Value = digits · 10^exponent; digits carries the sign and no trailing zero. */
interface Decimal {
  digits: bigint;
  exponent: number;
  /** Decimal places of digits; 0 for zero. */
  length: number;
}

export const isJsonNumber = (value: unknown): value is JsonNumber =>
  typeof value === "number" || typeof value === "bigint" || isExactNumber(value);

/** Whether the number has no fraction: 3.0 and 1e400 have none. */
export function isInteger(value: JsonNumber): boolean {
  if (typeof value === "number") return Number.isInteger(value);
  if (typeof value === "bigint") return true;
  return (decimalOf(value)?.exponent ?? 0) >= 0;
}

/** Negative, zero or positive, as the left is smaller, the same or larger. */
export function compareNumbers(left: JsonNumber, right: JsonNumber): number {
  if (typeof left === "number" && typeof right === "number") return left < right ? -1 : left > right ? 1 : 0;
  const a = decimalOf(left);
  const b = decimalOf(right);
  if (a === undefined || b === undefined) return compareNumbers(asDouble(left), asDouble(right));
  const sign = signOf(a.digits);
  if (sign !== signOf(b.digits)) return sign - signOf(b.digits);
  const magnitude = a.length + a.exponent - (b.length + b.exponent);
  if (magnitude !== 0 || sign === 0) return sign * Math.sign(magnitude);
  const shared = Math.min(a.exponent, b.exponent);
  return signOf(scaled(a, shared) - scaled(b, shared));
}

/** Whether value is a whole multiple of divisor (> 0), in decimal: 0.3 is one of 0.1. */
export function isMultiple(value: JsonNumber, divisor: JsonNumber): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return Number(value) % Number(divisor) === 0;
  const a = decimalOf(value);
  const b = decimalOf(divisor);
  if (a === undefined || b === undefined) return false;
  if (a.digits === 0n) return true;
  const shift = a.exponent - b.exponent;
  if (shift >= 0) return (a.digits * powerModulo(10n, shift, b.digits)) % b.digits === 0n;
  // Trailing zeros are gone, so digits can be divided by 10 (b has a higher exponent) only through b's own factors.
  if (-shift > a.length) return false;
  return a.digits % (b.digits * 10n ** BigInt(-shift)) === 0n;
}

/** One text for each decimal number, whichever way it was written. */
export function canonicalNumber(value: JsonNumber): string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  const decimal = decimalOf(value);
  if (decimal === undefined) return typeof value === "object" ? value.rawJSON : String(value);
  if (decimal.exponent >= 0 && decimal.length + decimal.exponent <= 15)
    return String(scaled(decimal, 0) === 0n ? 0n : scaled(decimal, 0));
  return `${decimal.digits}e${decimal.exponent}`;
}

const scaled = ({ digits, exponent }: Decimal, to: number): bigint => digits * 10n ** BigInt(exponent - to);

const signOf = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

const asDouble = (value: JsonNumber): number => Number(isExactNumber(value) ? value.rawJSON : value);

/** Longer exponents and more digits than any number that is meant; such a literal is compared as a double. */
const MAX_EXPONENT_DIGITS = 12;
const MAX_LITERAL = 20_000;

function decimalOf(value: JsonNumber): Decimal | undefined {
  const source = typeof value === "object" ? value.rawJSON : String(value);
  if (source.length > MAX_LITERAL) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (exponent.length > MAX_EXPONENT_DIGITS) return undefined;
  const all = whole + fraction;
  const digits = withoutTrailingZeros(all).replace(/^0+/, "");
  if (digits === "") return { digits: 0n, exponent: 0, length: 0 };
  const dropped = all.length - withoutTrailingZeros(all).length;
  return {
    digits: BigInt(sign + digits),
    exponent: Number(exponent) - fraction.length + dropped,
    length: digits.length,
  };
}

/** As replace(/0+$/, ""), which takes quadratic time on zeros in the middle. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

function powerModulo(base: bigint, exponent: number, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
