/**
 * How values stood in their file. To everything here 1 and 1.0 are one number and the order of keys means nothing; in a prompt they are
 * different texts, and a policy that has read `1.0` in training is to read it here too.
 */
import { isJsonObject } from "./json.ts";
import { loads, losesNothing } from "./python/json.ts";
import { isDict, type PythonValue } from "./python/value.ts";

const written = new WeakMap<object, PythonValue>();

/** As Python would read the text that this list or object was parsed from; undefined where that is no other value. */
export const asWritten = (value: object): PythonValue | undefined => written.get(value);

/** Remembers the text of a value, for as long as the value is there; where it is changed, a copy has to be made. */
export function keepWritten(value: unknown, text: string): void {
  if (losesNothing(text)) return;
  let read: PythonValue;
  try {
    read = loads(text);
  } catch {
    return; // What Python cannot read, it does not write in another way.
  }
  keep(value, read);
}

/** @returns whether JSON has the value: a number beyond all doubles would be written as `Infinity`, and is left as it is */
function keep(value: unknown, read: PythonValue): boolean {
  if (typeof read === "number") return Number.isFinite(read);
  if (Array.isArray(value) && Array.isArray(read)) {
    const all = read.map((item, index) => keep(value[index], item)).every(Boolean);
    if (all) written.set(value, read);
    return all;
  }
  if (!isJsonObject(value) || !isDict(read)) return true;
  const all = Array.from(read, ([key, item]) => keep(value[String(key)], item)).every(Boolean);
  if (all) written.set(value, read);
  return all;
}
