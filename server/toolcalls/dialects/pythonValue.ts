/** The values that Python's literals stand for, each with its place in the text, and values as Python writes them. */
import type { SyntaxNode } from "@lezer/common";
import { isJsonObject, MAX_DEPTH, parseExactJson } from "../json.ts";
import { SIMPLE_ESCAPES } from "../python/escapes.ts";
import { PythonFault, parts } from "./pythonSyntax.ts";
import type { Layout } from "./ref.ts";

export interface PythonValue {
  value: unknown;
  layout: Layout;
}

/**
 * The value of a literal of JSON's kinds; tuples become lists, and keys that are no strings become what `str` gives. The words true,
 * false and null count too, since files that mix Python with JSON have them.
 * @throws PythonFault at the part that is no such literal
 */
export function literalValue(node: SyntaxNode, text: string, depth = 0): PythonValue {
  const span = { from: node.from, to: node.to };
  if (depth > MAX_DEPTH) throw new PythonFault(span, `This is nested deeper than ${MAX_DEPTH} levels.`);
  switch (node.name) {
    case "ArrayExpression":
    case "TupleExpression":
      return listOf(node, text, depth);
    case "DictionaryExpression":
      return dictionaryOf(node, text, depth);
    case "ParenthesizedExpression": {
      const [inner, ...more] = parts(node);
      if (inner === undefined) return { value: [], layout: { span } };
      if (more.length > 0) throw notLiteral(node);
      return { value: literalValue(inner, text, depth + 1).value, layout: { span } };
    }
    case "ContinuedString": {
      const strings = parts(node).map((part) => literalValue(part, text, depth + 1).value);
      return { value: strings.join(""), layout: { span } };
    }
    default:
      return { value: atomOf(node, text), layout: { span } };
  }
}

const notLiteral = ({ from, to }: SyntaxNode): PythonFault =>
  new PythonFault({ from, to }, "This is no value that Python writes out; put a text into quotes.");

function listOf(node: SyntaxNode, text: string, depth: number): PythonValue {
  const values = parts(node).map((part) => literalValue(part, text, depth + 1));
  return {
    value: values.map(({ value }) => value),
    layout: {
      span: { from: node.from, to: node.to },
      inside: new Map(values.map(({ layout }, index) => [index, layout])),
    },
  };
}

function dictionaryOf(node: SyntaxNode, text: string, depth: number): PythonValue {
  const entries: [string, unknown][] = [];
  const inside = new Map<string | number, Layout>();
  const found = parts(node);
  for (let index = 0; index < found.length; index += 2) {
    const [keyNode, valueNode] = [found[index], found[index + 1]];
    if (keyNode === undefined || valueNode === undefined) throw notLiteral(node);
    const key = keyText(literalValue(keyNode, text, depth + 1).value);
    const { value, layout } = literalValue(valueNode, text, depth + 1);
    entries.push([key, value]);
    inside.set(key, { ...layout, key: { from: keyNode.from, to: keyNode.to } });
  }
  return { value: Object.fromEntries(entries), layout: { span: { from: node.from, to: node.to }, inside } };
}

const keyText = (key: unknown): string => (typeof key === "string" ? key : JSON.stringify(key));

const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};

function atomOf(node: SyntaxNode, text: string): unknown {
  const source = text.slice(node.from, node.to);
  switch (node.name) {
    case "String":
      return stringOf(node, source);
    case "Number":
      return numberOf(node, source);
    case "Boolean":
    case "None":
    case "VariableName":
      if (Object.hasOwn(WORDS, source)) return WORDS[source];
      break;
    case "UnaryExpression": {
      const sign = node.firstChild;
      const number = sign?.nextSibling;
      if (sign?.name !== "ArithOp" || number?.name !== "Number" || source.startsWith("~")) break;
      const digits = text.slice(number.from, number.to);
      return source.startsWith("-") ? numberOf(node, digits, "-") : numberOf(node, digits);
    }
  }
  throw notLiteral(node);
}

/** As JSON's number of the same value, so that integers of any length stay exact. */
function numberOf(node: SyntaxNode, source: string, sign = ""): unknown {
  const plain = source.replaceAll("_", "");
  if (/^0[xob]/i.test(plain)) return parseExactJson(`${sign}${BigInt(plain)}`);
  const [, whole = "", fraction = "", exponent = ""] = /^(\d*)(?:\.(\d*))?([eE][+-]?\d+)?$/.exec(plain) ?? [];
  if (whole === "" && fraction === "") throw notLiteral(node);
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  return parseExactJson(`${sign}${digits}${fraction === "" ? "" : `.${fraction}`}${exponent}`);
}

const STRING = /^([a-z]*)('''|"""|'|")([\s\S]*)\2$/i;
const ESCAPE = /\\(?:\r?\n|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;

function stringOf(node: SyntaxNode, source: string): string {
  const [, prefix = "", quotes, body = ""] = STRING.exec(source) ?? [];
  if (quotes === undefined)
    throw new PythonFault({ from: node.from, to: node.to }, "This text is never closed; add the quote.");
  switch (prefix.toLowerCase()) {
    case "r":
      return body;
    case "":
    case "u":
      return body.includes("\\") ? unescaped(node, body) : body;
    default:
      throw notLiteral(node);
  }
}

function unescaped(node: SyntaxNode, body: string): string {
  return body.replace(ESCAPE, (whole, octal, two, four, eight, other) => {
    const hex = two ?? four ?? eight;
    if (hex === undefined && octal === undefined) return other === undefined ? "" : (SIMPLE_ESCAPES[other] ?? whole);
    const code = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
    if (code > 0x10ffff) throw notLiteral(node);
    return String.fromCodePoint(code);
  });
}

/**
 * As Python writes it. JSON's texts and numbers are Python's too; only its three words differ.
 * @param quote around texts; one that would need escapes has double quotes all the same
 */
export function pythonText(value: unknown, quote: "'" | '"' = '"'): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, quote)).join(", ")}]`;
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([key, inner]) => `${pythonText(key, quote)}: ${pythonText(inner, quote)}`)
      .join(", ")}}`;
  const text = JSON.stringify(value);
  return typeof value === "string" && quote === "'" && !/['\\]/.test(text) ? `'${value}'` : text;
}
