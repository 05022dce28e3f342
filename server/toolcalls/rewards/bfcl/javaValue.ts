/** Java literals as values (bfcl_eval/eval_checker/ast_eval/type_convertor/java_type_converter.py). A text that is none stays a text. */
import { RE2JS } from "re2js";
import { PythonError } from "../../python/error.ts";
import { strip } from "../../python/text.ts";
import { floatOf, intOf, type PythonDict, type PythonType, type PythonValue } from "../../python/value.ts";
import { numberIn } from "./literals.ts";

/** Python's type for each of Java's that BFCL knows. */
export const JAVA_TYPES: Readonly<Record<string, PythonType>> = {
  byte: "int",
  short: "int",
  integer: "int",
  float: "float",
  double: "float",
  long: "int",
  boolean: "bool",
  char: "str",
  Array: "list",
  ArrayList: "list",
  Set: "set",
  HashMap: "dict",
  Hashtable: "dict",
  Queue: "list",
  Stack: "list",
  String: "str",
  any: "str",
};

/** `$` of Python also matches before a final newline. */
const INT = /^-?\d+\n?$/;
const LONG = /^-?\d+[lL]\n?$/;
const FLOAT = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[fF]\n?$/;
const DOUBLE = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\n?$/;

// Linear-time matching: a completion wrote these values.
const AS_LIST = RE2JS.compile("new\\s+ArrayList<\\w*>\\(Arrays\\.asList\\((.+?)\\)\\)");
const ADDS = RE2JS.compile("new\\s+ArrayList<\\w*>\\(\\)\\s*\\{\\{\\s*(.+?)\\s*\\}\\}", RE2JS.DOTALL);
const ADD = RE2JS.compile("add\\((.+?)\\)");
const EMPTY_LIST = RE2JS.compile("new\\s+ArrayList<\\w*>\\(\\)");
const ARRAY = RE2JS.compile("new\\s+\\w+\\[\\]\\s*\\{(.*?)\\}");
const PUTS = RE2JS.compile("new\\s+HashMap<.*?>\\s*\\(\\)\\s*\\{\\s*\\{?\\s*(.*?)\\s*\\}?\\s*\\}", RE2JS.DOTALL);
const PUT = RE2JS.compile('put\\("(.*?)",\\s*(.*?)\\)');
const EMPTY_MAP = RE2JS.compile("new\\s+HashMap<.*?>\\s*\\(\\)");

/** @throws PythonError NotImplementedError for the collections that BFCL does not read, ValueError for an unknown type */
export function javaValue(text: string, type: string, itemType?: string): PythonValue {
  switch (type) {
    case "byte":
    case "short":
    case "integer":
      return INT.test(text) ? intOf(BigInt(text.trim())) : text;
    case "float":
      return FLOAT.test(text) ? floatOf(Number(text.trim().slice(0, -1))) : text;
    case "double":
      return DOUBLE.test(text) ? floatOf(Number(text)) : text;
    case "long":
      return LONG.test(text) ? intOf(BigInt(text.trim().slice(0, -1))) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "Array":
      return arrayOf(text, itemType);
    case "ArrayList":
      return listOf(text, itemType);
    case "HashMap":
      return mapOf(text);
    case "char": // BFCL's pattern for it matches nothing.
    case "String":
    case "any":
      return text;
    case "Set":
    case "Hashtable":
      throw new PythonError("NotImplementedError", "Set conversion is not implemented");
    case "Queue":
    case "Stack":
      throw new PythonError("NotImplementedError", `${type} conversion is not implemented`);
    default:
      throw new PythonError("ValueError", `Unsupported type: ${type}`);
  }
}

function groupOf(pattern: RE2JS, text: string): string | undefined {
  const matcher = pattern.matcher(text);
  return matcher.find() ? (matcher.group(1) ?? "") : undefined;
}

function arrayOf(text: string, itemType: string | undefined): PythonValue {
  const items = groupOf(ARRAY, text);
  if (items === undefined) return text;
  return items
    .split(",")
    .map(strip)
    .filter((item) => item !== "")
    .map((item) => (itemType === undefined ? untyped(item) : javaValue(item, itemType)));
}

function listOf(text: string, itemType: string | undefined): PythonValue {
  const listed = groupOf(AS_LIST, text);
  if (listed !== undefined) return listed.split(",").map((item) => listItem(strip(item), itemType));
  const adds = groupOf(ADDS, text);
  if (adds !== undefined) {
    const items: PythonValue[] = [];
    for (const matcher = ADD.matcher(adds); matcher.find(); )
      items.push(listItem(strip(matcher.group(1) ?? ""), itemType));
    return items;
  }
  return EMPTY_LIST.matcher(text).find() ? [] : text;
}

/** Characters and texts lose their quotes here, and only here. */
function listItem(item: string, type: string | undefined): PythonValue {
  if (type === "char" || type === "String") return item.slice(1, -1);
  return type === undefined ? untyped(item) : javaValue(item, type);
}

function mapOf(text: string): PythonValue {
  const puts = groupOf(PUTS, text);
  if (puts === undefined) return EMPTY_MAP.matcher(text).find() ? new Map() : text;
  const map: PythonDict = new Map();
  for (const matcher = PUT.matcher(puts); matcher.find(); )
    map.set(matcher.group(1) ?? "", untyped(strip(matcher.group(2) ?? "")));
  return map;
}

/** `parse_java_value` */
function untyped(text: string): PythonValue {
  if (text === "true" || text === "false") return text === "true";
  if (text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1);
  if (LONG.test(text)) return intOf(BigInt(text.trim().slice(0, -1)));
  if (FLOAT.test(text)) return floatOf(Number(text.trim().slice(0, -1)));
  return numberIn(text) ?? text;
}
