/** How BFCL reads calls out of a completion (bfcl_eval/model_handler/utils.py, parser/json_parser.py, local_inference/qwen_fc.py). */
import { RE2JS } from "re2js";
import type { BfclDecoder } from "../../../../schemas/rewards.ts";
import { evaluate } from "../../python/arithmetic.ts";
import { PythonError } from "../../python/error.ts";
import { type CallExpression, type Expression, parseExpression } from "../../python/expression.ts";
import { loads } from "../../python/json.ts";
import { strip, stripOf } from "../../python/text.ts";
import { unparse } from "../../python/unparse.ts";
import {
  hashKey,
  isDict,
  isNumeric,
  itemsOf,
  member,
  type PythonDict,
  PythonTuple,
  type PythonValue,
  typeOf,
} from "../../python/value.ts";

/** @throws PythonError where the completion cannot be decoded: BFCL's `ast_decoder:decoder_failed` */
export function decode(completion: string, decoder: BfclDecoder): PythonValue {
  switch (decoder) {
    case "qwen-fc":
      return taggedJson(completion);
    case "python-prompt":
      return pythonCalls(bracketed(completion));
    case "tagged-python":
      return pythonCalls(insideTag(bracketed(completion)));
    case "json-prompt":
      return jsonCalls(bracketed(completion));
  }
}

/** `default_decode_ast_prompting`: without fences and white space, inside brackets. */
function bracketed(completion: string): string {
  const text = stripOf(completion, "`\n ");
  return `${text.startsWith("[") ? "" : "["}${text}${text.endsWith("]") ? "" : "]"}`;
}

function insideTag(text: string): string {
  const open = text.indexOf("<TOOLCALL>");
  const close = open === -1 ? -1 : text.indexOf("</TOOLCALL>", open);
  if (close === -1) throw new PythonError("ValueError", "No tool call tag found in input string");
  return strip(text.slice(open + "<TOOLCALL>".length, close));
}

/** `ast_parse`, Python: one call, or a list, tuple or set of calls. */
function pythonCalls(text: string): PythonDict[] {
  const expression = parseExpression(stripOf(strip(text), "'"));
  if (expression.kind === "call") return [callValue(expression)];
  if (!("items" in expression)) throw new PythonError("AttributeError", "the expression has no attribute 'elts'");
  return expression.items.map((item) => {
    if (item.kind !== "call") throw new PythonError("AssertionError", "");
    return callValue(item);
  });
}

/** `resolve_ast_call`. Positional arguments are dropped; the last of equal keywords counts. */
function callValue({ callee, keywords }: CallExpression): PythonDict {
  const values: PythonDict = new Map();
  for (const { name, value } of keywords) values.set(name, literalOf(value));
  return new Map([[dottedName(callee), values]]);
}

/** `a.b.c`; what stands before the first dot and is no name is left out. */
function dottedName(callee: Expression): string {
  if (callee.kind === "name") return callee.name;
  if (callee.kind !== "attribute") return "";
  const before = dottedName(callee.of);
  return before === "" ? callee.name : `${before}.${callee.name}`;
}

/** `resolve_ast_by_type` */
function literalOf(expression: Expression): PythonValue {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "ellipsis":
      return "...";
    case "name":
      return expression.name;
    case "unary":
      return negated(expression.operand);
    case "binary":
      return evaluate(expression);
    case "list":
      return expression.items.map(literalOf);
    case "tuple":
      return new PythonTuple(expression.items.map(literalOf));
    case "dict":
      return new Map(expression.entries.map(([key, value]) => [hashKey(literalOf(key)), literalOf(value)]));
    case "call":
      return expression.keywords.length === 0 ? unparse(expression) : callValue(expression);
    case "subscript":
      return `${unparse(expression.of)}[${unparse(expression.index)}]`;
    default:
      throw new PythonError("Exception", "Unsupported AST type");
  }
}

/** Every unary operator negates, `+` and `not` too: BFCL does not look which one it is. */
function negated(operand: Expression): PythonValue {
  if (operand.kind !== "constant" || !isNumeric(operand.value))
    throw new PythonError("TypeError", "bad operand type for unary -");
  return evaluate({ kind: "unary", operator: "-", operand });
}

const OPEN = "<tool_call>\n";
const CLOSE = "\n</tool_call>";

/** Qwen's form: `<tool_call>`, a line of JSON, `</tool_call>`. Blocks that are no JSON are dropped. */
function taggedJson(text: string): PythonDict[] {
  const calls: PythonValue[] = [];
  for (let at = 0; ; ) {
    const open = text.indexOf(OPEN, at);
    const close = open === -1 ? -1 : text.indexOf(CLOSE, open + OPEN.length);
    if (close === -1) break;
    try {
      calls.push(loads(text.slice(open + OPEN.length, close)));
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
    }
    at = close + CLOSE.length;
  }
  if (!calls.every(isDict)) throw new PythonError("ValueError", "Model did not return a list of function calls");
  return calls.map((call) => {
    const [name, values] = [member(call, "name"), member(call, "arguments")];
    if (!isDict(values)) throw new PythonError("AttributeError", `'${typeOf(values)}' object has no attribute 'items'`);
    return new Map([[hashKey(name), new Map(values)]]);
  });
}

/** From the first bracket to the last, then the first list of objects in it. Linear-time matching: completions are hostile. */
const LIST_OF_OBJECTS = RE2JS.compile("\\[\\s*\\{.*?\\}\\s*(?:,\\s*\\{.*?\\}\\s*)*\\]", RE2JS.DOTALL);

/** `{"function": name, "parameters": {…}}`; what is no JSON counts as no calls. */
function jsonCalls(text: string): PythonDict[] {
  const [from, to] = [text.indexOf("["), text.lastIndexOf("]")];
  const source = to > from && from !== -1 ? text.slice(from, to + 1) : text;
  const matcher = LIST_OF_OBJECTS.matcher(source);
  const list = matcher.find() ? (matcher.group() ?? source) : source;
  let value: PythonValue;
  try {
    value = loads(list);
  } catch (error) {
    if (error instanceof PythonError && error.kind === "JSONDecodeError") return [];
    throw error;
  }
  return [...itemsOf(value)]
    .filter(isDict)
    .map((item) => new Map([[hashKey(member(item, "function")), member(item, "parameters")]]));
}
