/** Python's comparisons, with what they cost. */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  contains,
  equals,
  isDict,
  isNumeric,
  PythonTuple,
  type PythonValue,
  typeOf,
  WholeFloat,
} from "../../toolcalls/python/value.ts";
import { Undefined } from "./values.ts";
import type { Work } from "./work.ts";

/** `left == right` */
export function same(left: PythonValue, right: PythonValue, work: Work): boolean {
  if (left instanceof Undefined || right instanceof Undefined)
    return left instanceof Undefined && right instanceof Undefined;
  // Lists that hold one another many times over are small in memory and endless to compare.
  walk(left, work);
  return equals(left, right);
}

function walk(value: PythonValue, work: Work): void {
  work.spend(1);
  if (typeof value === "string") work.expect(value.length);
  else if (Array.isArray(value)) for (const item of value) walk(item, work);
  else if (value instanceof PythonTuple) for (const item of value.items) walk(item, work);
  else if (isDict(value)) for (const item of value.values()) walk(item, work);
}

/** `part in whole` @throws PythonError TypeError for what holds nothing */
export function isIn(part: PythonValue, whole: PythonValue, work: Work): boolean {
  if (whole instanceof Undefined) return false;
  if (typeof whole === "string") {
    if (typeof part !== "string")
      throw new PythonError("TypeError", `'in <string>' requires string as left operand, not ${typeOf(part)}`);
    work.expect(whole.length);
    return whole.includes(part);
  }
  if (isDict(whole)) return [...keysLike(whole, part)].length > 0;
  const items = Array.isArray(whole) ? whole : whole instanceof PythonTuple ? whole.items : undefined;
  if (items === undefined) throw new PythonError("TypeError", `argument of type '${typeOf(whole)}' is not iterable`);
  for (const item of items) walk(item, work);
  return contains(items, part);
}

function* keysLike(dict: ReadonlyMap<unknown, unknown>, key: PythonValue): Iterable<true> {
  if (dict.has(key instanceof WholeFloat ? key.value : typeof key === "boolean" ? Number(key) : key)) yield true;
}

/** Negative, zero or positive as `<`, `==` and `>` have it. @throws PythonError TypeError where Python has no order */
export function compare(left: PythonValue, right: PythonValue, work: Work): number {
  work.spend(1);
  if (typeof left === "string" && typeof right === "string") {
    work.expect(Math.min(left.length, right.length));
    return byCodePoints(left, right);
  }
  if (isNumeric(left) && isNumeric(right)) {
    const [a, b] = [ordinal(left), ordinal(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [a, b] = [itemsOf(left), itemsOf(right)];
  if (a === undefined || b === undefined || Array.isArray(left) !== Array.isArray(right))
    throw new PythonError(
      "TypeError",
      `'<' not supported between instances of '${typeOf(left)}' and '${typeOf(right)}'`,
    );
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (!same(item, other, work)) return compare(item, other, work);
  }
  return a.length - b.length;
}

const ordinal = (value: number | bigint | boolean | WholeFloat): number | bigint =>
  value instanceof WholeFloat ? value.value : typeof value === "boolean" ? Number(value) : value;

const itemsOf = (value: PythonValue): readonly PythonValue[] | undefined =>
  Array.isArray(value) ? value : value instanceof PythonTuple ? value.items : undefined;

/** UTF-16 units are in another order than code points where one text has a surrogate and the other a unit above them. */
function byCodePoints(left: string, right: string): number {
  if (left === right) return 0;
  const most = Math.min(left.length, right.length);
  let at = 0;
  while (at < most && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  if (at === most) return left.length - right.length;
  const isSurrogate = (text: string): boolean => (text.charCodeAt(at) & 0xf800) === 0xd800;
  const [a, b] = [isSurrogate(left), isSurrogate(right)];
  return a === b ? left.charCodeAt(at) - right.charCodeAt(at) : a ? 1 : -1;
}
