/** Types and values of arguments against the allowed ones (ast_checker.py: type_checker and the checkers of texts, lists and dicts). */
import { PythonError } from "../../python/error.ts";
import {
  contains,
  equals,
  isDict,
  itemsOf,
  lengthOf,
  type PythonDict,
  type PythonType,
  type PythonValue,
  typeOf,
} from "../../python/value.ts";

/** What is wrong, in BFCL's words for it; undefined where nothing is. */
export type Fault = string | undefined;

/** Type of the first allowed value that is not the mark of an optional parameter. */
function allowedType(allowed: PythonValue): PythonType | undefined {
  for (const value of itemsOf(allowed)) if (value !== "") return typeOf(value);
  return undefined;
}

export interface TypeCheck {
  fault: Fault;
  /** The allowed values are of another type than the parameter: names of variables, which are compared as they stand. */
  isVariable: boolean;
}

/** `type_checker`: one level of items is looked at, each allowed list on its own. */
export function checkType(
  value: PythonValue,
  allowed: PythonValue,
  type: PythonType,
  itemType: PythonType | undefined,
): TypeCheck {
  const wanted = allowedType(allowed);
  const isVariable = wanted !== undefined && wanted !== type;
  let fault = "type_error:simple";
  if (typeOf(value) === type) {
    if (itemType === undefined) return { fault: undefined, isVariable };
    for (const option of itemsOf(allowed)) {
      if (!Array.isArray(option) || itemsHaveType(value, option, itemType)) return { fault: undefined, isVariable };
    }
    fault = "type_error:nested";
  }
  // Of the type of the allowed values, if not of the parameter's; a nested fault stays one.
  if (wanted !== undefined && typeOf(value) === wanted)
    return { fault: fault === "type_error:nested" ? fault : undefined, isVariable: true };
  return { fault: "type_error:simple", isVariable: false };
}

function itemsHaveType(value: PythonValue, allowed: PythonValue[], type: PythonType): boolean {
  for (const item of itemsOf(value)) if (checkType(item, allowed, type, undefined).fault !== undefined) return false;
  return true;
}

/** `standardize_string`: without the characters ` ,./-_*^`, in lower case, with double quotes. */
export const folded = (text: string): string =>
  text
    .replace(/[ ,./\-_*^]/g, "")
    .toLowerCase()
    .replaceAll("'", '"');

const foldedValue = (value: PythonValue): PythonValue => (typeof value === "string" ? folded(value) : value);

export function checkText(text: string, allowed: PythonValue): Fault {
  const wanted = folded(text);
  for (const value of itemsOf(allowed)) if (typeof value === "string" && folded(value) === wanted) return undefined;
  return "value_error:string";
}

export function checkList(list: readonly PythonValue[], allowed: PythonValue): Fault {
  const given = list.map(foldedValue);
  const options = [...itemsOf(allowed)].map((option) => sequenceOf(option).map(foldedValue));
  return contains(options, given) ? undefined : "value_error:list/tuple";
}

/** What `option[i]` gives for every i below `len(option)`. */
function sequenceOf(option: PythonValue): PythonValue[] {
  if (lengthOf(option) === 0) return [];
  if (isDict(option)) throw new PythonError("KeyError", "0");
  return [...itemsOf(option)];
}

/** `dict_checker`: each key by its own list of allowed values, types not looked at; what is said is of the last allowed dict. */
export function checkDict(dict: PythonValue, allowed: PythonValue): Fault {
  let last: Fault = "dict_checker:unclear";
  for (const option of itemsOf(allowed)) {
    if (option === "") continue;
    last = faultOfDict(entriesOf(dict), option);
    if (last === undefined) return undefined;
  }
  return last;
}

function entriesOf(value: PythonValue): PythonDict {
  if (isDict(value)) return value;
  throw new PythonError("AttributeError", `'${typeOf(value)}' object has no attribute 'items'`);
}

function faultOfDict(dict: PythonDict, option: PythonValue): Fault {
  const allowed = entriesIn(option, dict.size > 0);
  let fault: Fault;
  for (const [key, value] of dict) {
    const values = allowed.get(key);
    if (values === undefined) {
      fault = "value_error:dict_key";
      break;
    }
    if (!contains(sequenceOf(values).map(foldedValue), foldedValue(value))) {
      fault = "value_error:dict_value";
      break;
    }
  }
  for (const [key, values] of allowed) {
    if (!dict.has(key) && !mayBeOmitted(values)) return "value_error:dict_key";
  }
  return fault;
}

/** @param searched whether a key is looked for in it first, which Python refuses for less than it refuses `items()` */
function entriesIn(option: PythonValue, searched: boolean): PythonDict {
  if (searched && !isDict(option) && !Array.isArray(option) && typeof option !== "string")
    throw new PythonError("TypeError", `argument of type '${typeOf(option)}' is not iterable`);
  return entriesOf(option);
}

/** `"" in values`; every text holds the empty one. */
export function mayBeOmitted(values: PythonValue): boolean {
  if (typeof values === "string") return true;
  if (isDict(values)) return values.has("");
  if (Array.isArray(values)) return values.some((value) => equals(value, ""));
  throw new PythonError("TypeError", `argument of type '${typeOf(values)}' is not iterable`);
}

/** `list_dict_checker`: as many dicts as an allowed list has, in its order. */
export function checkDicts(list: readonly PythonValue[], allowed: PythonValue): Fault {
  let last: Fault = "list_dict_checker:unclear";
  for (const option of itemsOf(allowed)) {
    if (list.length !== lengthOf(option)) {
      last = "value_error:list_dict_count";
      continue;
    }
    const dicts = sequenceOf(option);
    last = undefined;
    for (const [place, item] of list.entries()) {
      last = checkDict(item, [dicts[place] as PythonValue]);
      if (last !== undefined) break;
    }
    if (last === undefined) return undefined;
  }
  return last;
}
