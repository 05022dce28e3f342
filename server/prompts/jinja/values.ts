/** What a template computes with: Python's values, and Jinja's own beside them. */

import { asWritten } from "../../toolcalls/asWritten.ts";
import { isExactNumber } from "../../toolcalls/json.ts";
import { PythonError } from "../../toolcalls/python/error.ts";
import { loads } from "../../toolcalls/python/json.ts";
import {
  doubleOf,
  isDict,
  isNumeric,
  OpaqueValue,
  type PythonDict,
  PythonTuple,
  type PythonValue,
  repr,
  WholeFloat,
} from "../../toolcalls/python/value.ts";
import type { Work } from "./work.ts";

export interface Arguments {
  positional: readonly PythonValue[];
  keywords: ReadonlyMap<string, PythonValue>;
}

/** What a name or member stands for that is not there. It may be printed, tested and looped over, and nothing else. */
export class Undefined extends OpaqueValue {
  /** @param what is undefined, as a message says it */
  constructor(what: string) {
    super("Undefined", what);
  }

  raise(): never {
    throw new PythonError("UndefinedError", `${this.text} is undefined`);
  }
}

/** The value where there is one: None is one too. */
export const orUndefined = (value: PythonValue | undefined, what: () => string): PythonValue =>
  value === undefined ? new Undefined(what()) : value;

export class Callable extends OpaqueValue {
  readonly call: (args: Arguments) => PythonValue;

  constructor(name: string, call: (args: Arguments) => PythonValue) {
    super("function", name);
    this.call = call;
  }
}

/** @throws PythonError SecurityError for a name that transformers refuses in a namespace */
export function memberName(name: string): string {
  if (name.startsWith("_"))
    throw new PythonError(
      "SecurityError",
      `a namespace has no members that begin with an underscore, as '${name}' does`,
    );
  return name;
}

/** A value with members of its own: a namespace that a template may write to, or `loop`. */
export class Members extends OpaqueValue {
  readonly members: Map<string, PythonValue>;

  constructor(type: "Namespace" | "LoopContext", members: Map<string, PythonValue>) {
    super(type, type);
    this.members = members;
  }
}

/** `bool(value)` */
export function truth(value: PythonValue): boolean {
  if (value instanceof Undefined) return false;
  if (value instanceof WholeFloat) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PythonTuple) return value.items.length > 0;
  return isDict(value) ? value.size > 0 : Boolean(value);
}

/** `str(value)`, as `{{ value }}` prints it. */
export function str(value: PythonValue, work: Work): string {
  if (typeof value === "string") return value;
  if (value instanceof Undefined) return "";
  return work.text(written(value, work));
}

/** `repr(value)` */
function written(value: PythonValue, work: Work): string {
  work.spend(1);
  if (typeof value === "string") return work.text(repr(value));
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (isNumeric(value)) return numberText(value);
  const list = (items: readonly PythonValue[]): string => items.map((item) => written(item, work)).join(", ");
  if (Array.isArray(value)) return work.text(`[${list(value)}]`);
  if (value instanceof PythonTuple) return work.text(`(${list(value.items)}${value.items.length === 1 ? "," : ""})`);
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof OpaqueValue) return `<${value.type}>`;
  const members = [...value].map(([key, item]) => `${written(key, work)}: ${written(item, work)}`);
  return work.text(`{${members.join(", ")}}`);
}

/** An int in full; a float as `float.__repr__` writes it: the shortest digits that mean it, with at least one behind the point. */
export function numberText(value: number | bigint | WholeFloat): string {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) return String(value);
  const double = doubleOf(value);
  if (Number.isNaN(double)) return "nan";
  if (!Number.isFinite(double)) return double < 0 ? "-inf" : "inf";
  const sign = double < 0 || Object.is(double, -0) ? "-" : "";
  const [mantissa = "", power = ""] = Math.abs(double).toExponential().split("e");
  const exponent = Number(power);
  const digits = mantissa.replace(".", "");
  if (exponent < -4 || exponent >= 16) {
    const [first, rest] = [digits.slice(0, 1), digits.slice(1)];
    const shown = `${Math.abs(exponent)}`.padStart(2, "0");
    return `${sign}${first}${rest && `.${rest}`}e${exponent < 0 ? "-" : "+"}${shown}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** A number that Python would read as infinity is kept as it is written: no JSON has that word. */
function numberAs(text: string): PythonValue {
  const value = loads(text);
  return typeof value === "number" && !Number.isFinite(value) ? new OpaqueValue("float", text) : value;
}

/** A value of JSON as it stood in its file, else as it is here. What is a Python value already stays one. */
export function fromJson(value: unknown): PythonValue {
  if (value === null || value === undefined) return null;
  if (isExactNumber(value)) return numberAs(value.rawJSON);
  if (typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value))
    return numberAs(String(value));
  if (typeof value !== "object") return value as string | number | boolean | bigint;
  const written = asWritten(value);
  if (written !== undefined) return written;
  if (Array.isArray(value)) return value.map(fromJson);
  if (
    value instanceof Map ||
    value instanceof OpaqueValue ||
    value instanceof WholeFloat ||
    value instanceof PythonTuple
  )
    return value;
  const dict: PythonDict = new Map();
  for (const [key, item] of Object.entries(value)) if (item !== undefined) dict.set(key, fromJson(item));
  return dict;
}
