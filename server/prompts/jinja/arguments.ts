/** Reading the arguments of a call as a Python function would. */
import { PythonError } from "../../toolcalls/python/error.ts";
import { doubleOf, isNumeric, type PythonValue, typeOf } from "../../toolcalls/python/value.ts";
import type { Arguments } from "./values.ts";

/**
 * The values of these parameters, in their order; undefined for one that is not given.
 * @throws PythonError TypeError for one argument too many, one given twice, or a name that the function does not have
 */
export function bind(
  name: string,
  { positional, keywords }: Arguments,
  parameters: readonly string[],
): (PythonValue | undefined)[] {
  if (positional.length > parameters.length)
    throw new PythonError(
      "TypeError",
      `${name}() takes at most ${parameters.length} arguments (${positional.length} given)`,
    );
  const values: (PythonValue | undefined)[] = parameters.map((_, index) => positional[index]);
  for (const [key, value] of keywords) {
    const place = parameters.indexOf(key);
    if (place === -1) throw new PythonError("TypeError", `${name}() got an unexpected keyword argument '${key}'`);
    if (values[place] !== undefined)
      throw new PythonError("TypeError", `${name}() got multiple values for argument '${key}'`);
    values[place] = value;
  }
  return values;
}

/** @throws PythonError TypeError */
export function textArgument(name: string, value: PythonValue | undefined): string {
  if (typeof value === "string") return value;
  throw new PythonError("TypeError", `${name} takes a str, not ${value === undefined ? "nothing" : typeOf(value)}`);
}

/** A whole number. @throws PythonError TypeError */
export function wholeArgument(name: string, value: PythonValue | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (isNumeric(value) && Number.isInteger(doubleOf(value))) return doubleOf(value);
  throw new PythonError("TypeError", `${name} takes an int, not ${typeOf(value)}`);
}
