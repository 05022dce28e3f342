/** Jinja's tests: `value is name`. */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  doubleOf,
  isDict,
  isNumeric,
  PythonTuple,
  type PythonValue,
  typeOf,
  WholeFloat,
} from "../../toolcalls/python/value.ts";
import { combine } from "./arithmetic.ts";
import { compare, isIn, same } from "./compare.ts";
import { Callable, truth, Undefined } from "./values.ts";
import { TemplateError, type Work } from "./work.ts";

type Test = (value: PythonValue, other: PythonValue, work: Work) => boolean;

const isText = (value: PythonValue): value is string => typeof value === "string";
const isList = (value: PythonValue): boolean => Array.isArray(value) || value instanceof PythonTuple;
const isFloat = (value: PythonValue): boolean =>
  value instanceof WholeFloat || (typeof value === "number" && !Number.isInteger(value));
const remainder = (value: PythonValue, by: PythonValue, work: Work): boolean => !truth(combine("%", value, by, work));

const equal: Test = (value, other, work) => same(value, other, work);
const unequal: Test = (value, other, work) => !same(value, other, work);
const order =
  (holds: (sign: number) => boolean): Test =>
  (value, other, work) =>
    holds(compare(value, other, work));
const less = order((sign) => sign < 0);
const more = order((sign) => sign > 0);
const least = order((sign) => sign >= 0);
const most = order((sign) => sign <= 0);

const TESTS: Readonly<Record<string, Test>> = {
  boolean: (value) => typeof value === "boolean",
  callable: (value) => value instanceof Callable,
  defined: (value) => !(value instanceof Undefined),
  divisibleby: remainder,
  eq: equal,
  equalto: equal,
  even: (value, _, work) => remainder(value, 2, work),
  false: (value) => value === false,
  float: isFloat,
  ge: least,
  greaterthan: more,
  gt: more,
  in: (value, other, work) => isIn(value, other, work),
  integer: (value) => typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value)),
  iterable: (value) => isText(value) || isList(value) || isDict(value) || value instanceof Undefined,
  le: most,
  lessthan: less,
  lower: (value) => isText(value) && value === value.toLowerCase() && value !== value.toUpperCase(),
  lt: less,
  mapping: isDict,
  ne: unequal,
  none: (value) => value === null,
  number: isNumeric,
  odd: (value, _, work) => !remainder(value, 2, work),
  sameas: (value, other) => value === other,
  sequence: (value) => isText(value) || isList(value) || isDict(value) || value instanceof Undefined,
  string: isText,
  true: (value) => value === true,
  undefined: (value) => value instanceof Undefined,
  upper: (value) => isText(value) && value === value.toUpperCase() && value !== value.toLowerCase(),
};

/** @throws TemplateError for a test that Jinja does not have */
export function isSo(name: string, value: PythonValue, other: PythonValue | undefined, work: Work): boolean {
  work.expect(typeof value === "string" ? value.length / 4 : 1);
  const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  if (test === undefined) throw new TemplateError(`it uses the test "${name}", which is not known here`);
  return test(value, other ?? null, work);
}

/** @throws PythonError TypeError where it is no number */
export function numberOf(value: PythonValue): number {
  if (isNumeric(value)) return doubleOf(value);
  throw new PythonError("TypeError", `a number is needed, not '${typeOf(value)}'`);
}
