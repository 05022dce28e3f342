/** `json.dumps` of CPython, as transformers gives it to templates under the name `tojson`. */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  isDict,
  isNumeric,
  OpaqueValue,
  type PythonKey,
  PythonTuple,
  type PythonValue,
  typeOf,
} from "../../toolcalls/python/value.ts";
import { compare } from "./compare.ts";
import { numberText, Undefined } from "./values.ts";
import { Output, type Work } from "./work.ts";

export interface DumpOptions {
  ensureAscii: boolean;
  /** What one level is indented by; null for one line. */
  indent: string | null;
  /** Between items, and between a key and its value. */
  separators: readonly [string, string];
  sortKeys: boolean;
}

/** @throws PythonError TypeError for what JSON cannot hold */
export function dumps(value: PythonValue, options: DumpOptions, work: Work): string {
  const out = new Output(work);
  write(value, options, options.indent === null ? "" : "\n", work, out);
  return out.text;
}

/** @param line what begins a line on this level; empty where all is one line */
function write(value: PythonValue, options: DumpOptions, line: string, work: Work, out: Output): void {
  work.spend(1);
  if (Array.isArray(value) || value instanceof PythonTuple) {
    const items = Array.isArray(value) ? value : value.items;
    block("[]", items, options, line, out, (item, inner) => write(item, options, inner, work, out));
  } else if (isDict(value)) {
    const entries = [...value];
    if (options.sortKeys) entries.sort(([left], [right]) => compare(left, right, work));
    block("{}", entries, options, line, out, ([key, item], inner) => {
      out.write(textOf(keyText(key), options));
      out.write(options.separators[1]);
      write(item, options, inner, work, out);
    });
  } else out.write(typeof value === "string" ? textOf(value, options) : scalar(value));
}

function block<T>(
  [open = "", close = ""]: string,
  items: readonly T[],
  { indent, separators }: DumpOptions,
  line: string,
  out: Output,
  write: (item: T, line: string) => void,
): void {
  out.write(open);
  const inner = indent === null ? "" : line + indent;
  for (const [index, item] of items.entries()) {
    out.write(index === 0 ? inner : separators[0] + inner);
    write(item, inner);
  }
  if (items.length > 0) out.write(line);
  out.write(close);
}

function scalar(value: PythonValue): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (isNumeric(value)) return SPECIAL[numberText(value)] ?? numberText(value);
  if (value instanceof OpaqueValue && value.type === "float") return value.text;
  if (value instanceof Undefined)
    throw new PythonError("TypeError", "Object of type Undefined is not JSON serializable");
  throw new PythonError(
    "TypeError",
    `Object of type ${value instanceof OpaqueValue ? value.type : typeOf(value)} is not JSON serializable`,
  );
}

const SPECIAL: Readonly<Record<string, string>> = { nan: "NaN", inf: "Infinity", "-inf": "-Infinity" };

function keyText(key: PythonKey): string {
  if (typeof key === "string") return key;
  if (key === null || typeof key === "number" || typeof key === "bigint") return scalar(key);
  throw new PythonError("TypeError", `keys must be str, int, float, bool or None, not ${typeOf(key)}`);
}

/** JSON.stringify escapes what json.dumps escapes, and half a surrogate pair besides. */
function textOf(text: string, { ensureAscii }: DumpOptions): string {
  const quoted = text.isWellFormed()
    ? JSON.stringify(text)
    : `"${text.replace(/[^\ud800-\udfff]+/g, (whole) => JSON.stringify(whole).slice(1, -1))}"`;
  return ensureAscii
    ? quoted.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : quoted;
}
