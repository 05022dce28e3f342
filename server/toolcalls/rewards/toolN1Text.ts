/**
 * How Tool-N1 reads calls written as `[Name(a=1), Other()]` while it prepares its data (verl/verl/utils/tool_utils.py): a pattern that ends a
 * call at its first closing bracket, so that a bracket inside an argument cuts it short.
 */
import { literal } from "../python/literal.ts";
import { strip, stripOf } from "../python/text.ts";
import type { PythonDict, PythonValue } from "../python/value.ts";

/** The patterns take time that grows with the square of a text; real ones are a hundredth of this. */
const LONGEST = 20_000;

const CALL = /([a-zA-Z0-9._?|\s-]+)\(([^\n]*?)\)/g;

/** `_parse_function_string`. @returns none for a text too long to be tried */
export function callsInText(text: string): { name: string; values: PythonDict }[] {
  if (text.length > LONGEST) return [];
  return [...text.matchAll(CALL)].map(([, name = "", list = ""]) => ({ name: strip(name), values: valuesIn(list) }));
}

/** `_parse_params`: literals as their values, anything else as its text without quotes. */
function valuesIn(list: string): PythonDict {
  const values: PythonDict = new Map();
  for (const item of topLevelItems(list)) {
    const equals = item.indexOf("=");
    if (equals === -1) continue;
    const written = strip(item.slice(equals + 1));
    values.set(strip(item.slice(0, equals)), literalOr(written));
  }
  return values;
}

function literalOr(written: string): PythonValue {
  const value = literal(written);
  return value === undefined ? stripOf(written, "'\"") : value;
}

/** `_split_top_level_args`: at commas outside quotes and brackets of any kind, each kind counted on its own. */
function topLevelItems(list: string): string[] {
  const items: string[] = [];
  const depth = { "(": 0, "[": 0, "{": 0 };
  let quote = "";
  let current = "";
  for (const character of list) {
    const outside = quote === "";
    if (quote === character) quote = "";
    else if (outside && (character === "'" || character === '"')) quote = character;
    if (outside && character === "," && Object.values(depth).every((count) => count === 0)) {
      items.push(strip(current));
      current = "";
      continue;
    }
    if (outside) count(depth, character);
    current += character;
  }
  return current === "" ? items : [...items, strip(current)];
}

function count(depth: Record<"(" | "[" | "{", number>, character: string): void {
  if (character === "(" || character === "[" || character === "{") depth[character]++;
  if (character === ")") depth["("]--;
  if (character === "]") depth["["]--;
  if (character === "}") depth["{"]--;
}

const FORM = /^\[\s*([a-zA-Z0-9._?|\s\-/]+\([^\n]*?\)\s*)(,\s*[a-zA-Z0-9._?|\s\-/]+\([^\n]*?\)\s*)*\]\n?$/;

/** `_validate_function_format`. @returns also false for a text too long to be tried */
export const isCallText = (text: string): boolean => text !== "" && text.length <= LONGEST && FORM.test(strip(text));
