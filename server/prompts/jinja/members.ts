/** `value.name`, `value[key]` and slices, as Jinja's sandbox finds them. */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  hashKey,
  isDict,
  lengthOf,
  type PythonDict,
  PythonTuple,
  type PythonValue,
  typeOf,
  WholeFloat,
} from "../../toolcalls/python/value.ts";
import { bind } from "./arguments.ts";
import { same } from "./compare.ts";
import { textMethod } from "./textMethods.ts";
import { type Arguments, Callable, Members, orUndefined, Undefined } from "./values.ts";
import { TemplateError, type Work } from "./work.ts";

/** Methods that change a list or dict, which the sandbox refuses. */
const CHANGING = {
  dict: new Set(["clear", "pop", "popitem", "setdefault", "update"]),
  list: new Set(["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"]),
};

/** `value.name`: an attribute, else an item. @throws PythonError UndefinedError for a member of what is undefined */
export function attribute(value: PythonValue, name: string, work: Work): PythonValue {
  if (value instanceof Undefined) value.raise();
  return method(value, name, work) ?? orMissing(item(value, name, work), value, name);
}

/** `value[key]`: an item, else an attribute. @throws PythonError UndefinedError as attribute */
export function subscript(value: PythonValue, key: PythonValue, work: Work): PythonValue {
  if (value instanceof Undefined) value.raise();
  const found = item(value, key, work);
  if (found === undefined && typeof key === "string")
    return method(value, key, work) ?? orMissing(undefined, value, key);
  return orMissing(found, value, typeof key === "string" ? key : typeOf(key));
}

const orMissing = (found: PythonValue | undefined, value: PythonValue, name: string): PythonValue =>
  orUndefined(found, () => `the member '${name}' of a ${typeOf(value)}`);

function item(value: PythonValue, key: PythonValue, work: Work): PythonValue | undefined {
  if (value instanceof Members) return typeof key === "string" ? value.members.get(key) : undefined;
  if (isDict(value)) return isHashable(key) ? value.get(hashKey(key)) : undefined;
  const index = typeof key === "boolean" ? Number(key) : key;
  if (typeof index !== "number" || !Number.isInteger(index)) return undefined;
  if (typeof value === "string") {
    work.expect(value.length);
    return /[\ud800-\udfff]/.test(value) ? [...value].at(index) : value.at(index);
  }
  if (Array.isArray(value)) return value.at(index);
  return value instanceof PythonTuple ? value.items.at(index) : undefined;
}

const isHashable = (key: PythonValue): boolean => !Array.isArray(key) && !isDict(key);

function method(value: PythonValue, name: string, work: Work): Callable | undefined {
  const call = methodOf(value, name, work);
  return call && new Callable(name, call);
}

function methodOf(value: PythonValue, name: string, work: Work): ((args: Arguments) => PythonValue) | undefined {
  if (typeof value === "string") return textMethod(value, name, work);
  if (isDict(value)) return dictMethod(value, name, work);
  return Array.isArray(value) || value instanceof PythonTuple
    ? listMethod(Array.isArray(value) ? value : value.items, name, work)
    : undefined;
}

function dictMethod(dict: PythonDict, name: string, work: Work): ((args: Arguments) => PythonValue) | undefined {
  const all = (items: () => Iterable<PythonValue>) => (args: Arguments) => {
    bind(name, args, []);
    work.spend(dict.size);
    return [...items()];
  };
  switch (name) {
    case "items":
      return all(() => pairs(dict));
    case "keys":
      return all(() => dict.keys());
    case "values":
      return all(() => dict.values());
    case "copy":
      return () => new Map(dict);
    case "get":
      return (args) => {
        const [key = null, otherwise = null] = bind("get", args, ["key", "default"]);
        const found = dict.get(hashKey(key));
        return found === undefined ? otherwise : found;
      };
  }
  return changing(name, "dict");
}

export const pairs = (dict: PythonDict): PythonTuple[] => Array.from(dict, (entry) => new PythonTuple(entry));

function listMethod(
  list: readonly PythonValue[],
  name: string,
  work: Work,
): ((args: Arguments) => PythonValue) | undefined {
  const wanted = (args: Arguments): PythonValue => bind(name, args, ["value"])[0] ?? null;
  switch (name) {
    case "copy":
      return () => [...list];
    case "count":
      return (args) => list.filter((one) => same(one, wanted(args), work)).length;
    case "index":
      return (args) => {
        const at = list.findIndex((one) => same(one, wanted(args), work));
        if (at === -1) throw new PythonError("ValueError", "the value is not in the list");
        return at;
      };
  }
  return changing(name, "list");
}

function changing(name: string, type: keyof typeof CHANGING): (() => never) | undefined {
  if (!CHANGING[type].has(name)) return undefined;
  return () => {
    throw new TemplateError(`it calls ${name} on a ${type}, which templates may not change`);
  };
}

/** `value[start:stop:step]`, in code points where it is a text. @throws PythonError TypeError for other values */
export function slice(value: PythonValue, ends: readonly (PythonValue | undefined)[], work: Work): PythonValue {
  if (value instanceof Undefined) value.raise();
  const [start, stop, step] = ends.map((end) => (end === null || end instanceof Undefined ? undefined : end));
  if (typeof value !== "string" && !Array.isArray(value) && !(value instanceof PythonTuple))
    throw new PythonError("TypeError", `'${typeOf(value)}' object is not subscriptable`);
  work.spend(1 + (typeof value === "string" ? value.length / 16 : lengthOf(value)));
  const items: readonly PythonValue[] =
    typeof value === "string" ? [...value] : Array.isArray(value) ? value : value.items;
  const found = [...indices(items.length, whole(start), whole(stop), whole(step) ?? 1)].map(
    (at) => items[at] as PythonValue,
  );
  if (typeof value === "string") return work.text(found.join(""));
  return Array.isArray(value) ? found : new PythonTuple(found);
}

function whole(end: PythonValue | undefined): number | undefined {
  if (end === undefined) return undefined;
  if (typeof end === "number" && Number.isInteger(end)) return end;
  throw new PythonError(
    "TypeError",
    `slice indices must be integers, not ${end instanceof WholeFloat ? "float" : typeOf(end)}`,
  );
}

/** `range(*slice(start, stop, step).indices(length))` */
function* indices(length: number, start: number | undefined, stop: number | undefined, step: number): Iterable<number> {
  if (step === 0) throw new PythonError("ValueError", "slice step cannot be zero");
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (end: number): number => Math.min(Math.max(end < 0 ? end + length : end, least), most);
  const from = start === undefined ? (step > 0 ? least : most) : clamp(start);
  const to = stop === undefined ? (step > 0 ? most : least) : clamp(stop);
  for (let at = from; step > 0 ? at < to : at > to; at += step) yield at;
}
