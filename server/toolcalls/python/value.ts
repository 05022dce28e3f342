/**
 * Python's values. An int is a number without a fraction, or a bigint from 2^53 on; a float is a number with a fraction, NaN, an
 * infinity, or a WholeFloat, since 1.0 is not 1 to everyone. A dict is a Map whose keys are as `hashKey` has them.
 */
import { PythonError } from "./error.ts";

/** A float without a fraction, as 1.0, 1e3 and -0.0. */
export class WholeFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export class PythonTuple {
  readonly items: readonly PythonValue[];

  constructor(items: readonly PythonValue[]) {
    this.items = items;
  }
}

/** A value whose inside no reward looks at (bytes, a complex number): equal to itself alone. */
export class OpaqueValue {
  readonly type: string;
  /** As it is written. */
  readonly text: string;

  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }
}

export type PythonKey = null | string | number | bigint | PythonTuple | OpaqueValue;
export type PythonDict = Map<PythonKey, PythonValue>;
export type PythonValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | WholeFloat
  | PythonValue[]
  | PythonTuple
  | OpaqueValue
  | PythonDict;

export type PythonType = "NoneType" | "bool" | "str" | "int" | "float" | "list" | "dict" | "tuple" | (string & {});

/** `type(value).__name__` */
export function typeOf(value: PythonValue): PythonType {
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
  }
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (value instanceof Map) return "dict";
  if (value instanceof WholeFloat) return "float";
  return value instanceof PythonTuple ? "tuple" : value.type;
}

export const isDict = (value: PythonValue | undefined): value is PythonDict => value instanceof Map;

export const floatOf = (value: number): number | WholeFloat =>
  Number.isInteger(value) ? new WholeFloat(value) : value;

/** An int of any size; one that a double holds exactly becomes a number. */
export const intOf = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** The double nearest to a number, for arithmetic. */
export const doubleOf = (value: number | bigint | boolean | WholeFloat): number =>
  value instanceof WholeFloat ? value.value : Number(value);

export const isNumeric = (value: PythonValue): value is number | bigint | boolean | WholeFloat =>
  typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" || value instanceof WholeFloat;

/** One representative for all numbers that are `==`: a WholeFloat or a bool becomes the int that it equals. */
function plainNumber(value: number | bigint | boolean | WholeFloat): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return Number.isSafeInteger(value.value) ? value.value + 0 : BigInt(value.value);
}

/** `left == right`: True is 1 and 1.0, list order counts, key order does not. */
export function equals(left: PythonValue, right: PythonValue): boolean {
  if (left === right) return true;
  if (typeof left === "string" || typeof right === "string") return false;
  if (isNumeric(left)) return isNumeric(right) && plainNumber(left) === plainNumber(right);
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right);
  if (isDict(left)) return isDict(right) && sameEntries(left, right);
  return left instanceof PythonTuple && right instanceof PythonTuple && sameItems(left.items, right.items);
}

/**
 * Equality inside a container, where Python looks at identity first. Its JSON reader makes one object of every NaN, so there NaN is
 * equal to NaN.
 */
const sameInside = (left: PythonValue, right: PythonValue): boolean =>
  equals(left, right) || (Number.isNaN(left) && Number.isNaN(right));

function sameItems(left: readonly PythonValue[], right: readonly PythonValue[]): boolean {
  return left.length === right.length && left.every((item, index) => sameInside(item, right[index] as PythonValue));
}

function sameEntries(left: PythonDict, right: PythonDict): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || !sameInside(value, other)) return false;
  }
  return true;
}

/** `value in list` */
export const contains = (list: readonly PythonValue[], value: PythonValue): boolean =>
  list.some((item) => sameInside(item, value));

/** What stands for the value as a key: equal keys are the same key of a Map. @throws PythonError TypeError for a list or dict */
export function hashKey(value: PythonValue): PythonKey {
  if (typeof value === "string" || value === null) return value;
  if (isNumeric(value)) return plainNumber(value);
  if (value instanceof OpaqueValue) return value;
  if (value instanceof PythonTuple) {
    for (const item of value.items) hashKey(item);
    return value;
  }
  throw new PythonError("TypeError", `unhashable type: '${typeOf(value)}'`);
}

/** `len(value)` @throws PythonError TypeError for what has no length */
export function lengthOf(value: PythonValue): number {
  if (isDict(value)) return value.size;
  if (Array.isArray(value)) return value.length;
  if (value instanceof PythonTuple) return value.items.length;
  if (typeof value === "string") return codePoints(value);
  throw new PythonError("TypeError", `object of type '${typeOf(value)}' has no len()`);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The items a `for` loop goes over. @throws PythonError TypeError for what is not iterable */
export function itemsOf(value: PythonValue): Iterable<PythonValue> {
  if (Array.isArray(value) || typeof value === "string") return value;
  if (isDict(value)) return value.keys();
  if (value instanceof PythonTuple) return value.items;
  throw new PythonError("TypeError", `'${typeOf(value)}' object is not iterable`);
}

/** `value[key]` with a text as the key. @throws PythonError KeyError where a dict lacks it, TypeError for what is no dict */
export function member(value: PythonValue, key: string): PythonValue {
  if (isDict(value)) {
    const found = value.get(key);
    if (found === undefined) throw new PythonError("KeyError", repr(key));
    return found;
  }
  if (Array.isArray(value) || value instanceof PythonTuple)
    throw new PythonError("TypeError", `${typeOf(value)} indices must be integers or slices, not str`);
  if (typeof value === "string") throw new PythonError("TypeError", "string indices must be integers, not 'str'");
  throw new PythonError("TypeError", `'${typeOf(value)}' object is not subscriptable`);
}

/** `repr` of a text, for messages: control characters escaped, the quotes that need no escape. */
export function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\'"\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => escaped(character, quote));
  return `${quote}${body}${quote}`;
}

function escaped(character: string, quote: string): string {
  if (character === "\\" || character === quote) return `\\${character}`;
  if (character === "'" || character === '"') return character;
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
