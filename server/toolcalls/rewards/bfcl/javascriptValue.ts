/** JavaScript literals as values (bfcl_eval/eval_checker/ast_eval/type_convertor/js_type_converter.py). A text that is none stays a text. */
import { RE2JS } from "re2js";
import { PythonError } from "../../python/error.ts";
import { strip, stripOf } from "../../python/text.ts";
import { floatOf, intOf, type PythonDict, type PythonType, type PythonValue } from "../../python/value.ts";
import { numberIn } from "./literals.ts";

/** Python's type for each of JavaScript's that BFCL knows. */
export const JAVASCRIPT_TYPES: Readonly<Record<string, PythonType>> = {
  String: "str",
  integer: "int",
  float: "float",
  Bigint: "int",
  Boolean: "bool",
  dict: "dict",
  array: "list",
  any: "str",
};

const INT = /^-?\d+\n?$/;
const FLOAT = /^-?\d+(?:\.\d+)?\n?$/;
const BIGINT = /^-?\d+n\n?$/;

// Linear-time matching: a completion wrote these values, and nested repetition invites the worst.
const NESTED = RE2JS.compile(
  "^(?:\\[\\s*\\[.*?\\]\\s*(,\\s*\\[.*?\\]\\s*)*\\]|\\bnew\\s+Array\\(\\s*\\[.*?\\]\\s*(,\\s*\\[.*?\\]\\s*)*\\))",
);
const INNER = RE2JS.compile("\\[(.*?)\\]");
const ARRAY = RE2JS.compile("^(?:\\[(.*?)\\]|\\bnew\\s+Array\\((.*?)\\))");
const OBJECT = RE2JS.compile("^\\{(.*?)\\}");

/** @throws PythonError ValueError for an unknown type */
export function javascriptValue(text: string, type: string, itemType?: string): PythonValue {
  switch (type) {
    case "String":
      return unquoted(text) ?? text;
    case "integer":
      return INT.test(text) ? intOf(BigInt(text.trim())) : text;
    case "float":
      return FLOAT.test(text) ? floatOf(Number(text)) : text;
    case "Bigint":
      // BFCL cuts one unit off, which with a final newline leaves what is no int.
      return BIGINT.test(text) && !text.endsWith("\n") ? intOf(BigInt(text.slice(0, -1))) : text;
    case "Boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "array":
      return arrayOf(strip(text), itemType);
    case "dict":
      return objectOf(strip(text));
    case "any":
      return text;
    default:
      throw new PythonError("ValueError", `Unsupported type: ${type}`);
  }
}

function unquoted(text: string): string | undefined {
  for (const quote of ['"', "'"]) if (text.startsWith(quote) && text.endsWith(quote)) return text.slice(1, -1);
  return undefined;
}

function arrayOf(text: string, itemType: string | undefined): PythonValue {
  const nested = NESTED.matcher(text);
  if (nested.find()) return rowsOf(nested.group() ?? "");
  const flat = ARRAY.matcher(text);
  if (!flat.find()) return text;
  const inside = strip(flat.group(1) ?? flat.group(2) ?? "");
  const items = inside === "" ? [] : inside.split(",").map(strip);
  if (itemType === undefined) return items.map(untyped);
  try {
    return items.map((item) => javascriptValue(item, itemType, /^['"]/.test(item) ? "String" : undefined));
  } catch (error) {
    if (error instanceof PythonError) return text;
    throw error;
  }
}

function rowsOf(text: string): PythonValue[] {
  const rows: PythonValue[] = [];
  for (const matcher = INNER.matcher(text); matcher.find(); ) {
    const row = strip(matcher.group(1) ?? "");
    // The first match begins at the outer bracket and holds the inner one.
    const items = rows.length === 0 && row.startsWith("[") ? row.slice(1) : row;
    rows.push(items.split(",").map((item) => untyped(strip(item))));
  }
  return rows;
}

function objectOf(text: string): PythonValue {
  if (text === "{}") return new Map();
  const matcher = OBJECT.matcher(text);
  if (!matcher.find()) return text;
  const object: PythonDict = new Map();
  for (const [rawKey, rawValue] of pairsOf(matcher.group(1) ?? "")) {
    const value = strip(rawValue);
    object.set(stripOf(strip(rawKey), "'\""), memberValue(value));
  }
  return object;
}

function memberValue(value: string): PythonValue {
  if (value.startsWith("[") && value.endsWith("]")) return arrayOf(value, undefined);
  if (value.startsWith("{") && value.endsWith("}")) return objectOf(value);
  return untyped(stripOf(value, "'\""));
}

/** Matches of `([^:]+):\s*(.*?)(?:,\s*(?=[^,]+:)|$)`: a value ends at a comma that a key follows, or at the end. */
function pairsOf(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < text.length; ) {
    while (text.charAt(at) === ":") at++;
    const colon = text.indexOf(":", at);
    if (colon === -1) break;
    let comma = text.indexOf(",", colon + 1);
    while (comma !== -1 && !keyFollows(text, comma + 1)) comma = text.indexOf(",", comma + 1);
    const end = comma === -1 ? text.length : comma;
    pairs.push([text.slice(at, colon), text.slice(colon + 1, end)]);
    at = end + 1;
  }
  return pairs;
}

/** Whether a colon stands before the next comma, with something in front of it. */
function keyFollows(text: string, from: number): boolean {
  const next = text.indexOf(",", from);
  return text.lastIndexOf(":", next === -1 ? text.length : next) > from;
}

/** `parse_js_value` */
function untyped(text: string): PythonValue {
  const source = strip(text);
  if (source === "true" || source === "false") return source === "true";
  return unquoted(source) ?? numberIn(source) ?? source;
}
