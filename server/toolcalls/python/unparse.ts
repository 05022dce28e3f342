/** Expressions back as text, as `ast.unparse` writes them: what a call without keywords or an index becomes as a value. */
import { PythonError } from "./error.ts";
import type { Expression } from "./expression.ts";
import { isNumeric, OpaqueValue, type PythonValue, repr, WholeFloat } from "./value.ts";

/** Tighter binding is higher, as in Python's grammar. */
const BINDING: Readonly<Record<string, number>> = {
  "|": 5,
  "^": 6,
  "&": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "//": 10,
  "%": 10,
  "@": 10,
  "**": 12,
};
const CONDITION = 1;
const OR = 2;
const AND = 3;
const NOT = 4;
const COMPARISON = 4.5;
const UNARY = 11;
const ATOM = 14;

/** @throws PythonError for what has no text here: an f-string */
export function unparse(expression: Expression, around = 0): string {
  const { text, binding } = written(expression);
  return binding < around ? `(${text})` : text;
}

function written(expression: Expression): { text: string; binding: number } {
  const atom = (text: string) => ({ text, binding: ATOM });
  const list = (items: readonly Expression[]) => items.map((item) => unparse(item)).join(", ");
  switch (expression.kind) {
    case "constant":
      return atom(constantText(expression.value));
    case "ellipsis":
      return atom("...");
    case "name":
      return atom(expression.name);
    case "list":
      return atom(`[${list(expression.items)}]`);
    case "set":
      return atom(`{${list(expression.items)}}`);
    case "tuple":
      return atom(`(${list(expression.items)}${expression.items.length === 1 ? "," : ""})`);
    case "dict":
      return atom(`{${expression.entries.map(([key, value]) => `${unparse(key)}: ${unparse(value)}`).join(", ")}}`);
    case "attribute":
      return atom(`${unparse(expression.of, ATOM)}.${expression.name}`);
    case "subscript":
      return atom(`${unparse(expression.of, ATOM)}[${indexText(expression.index)}]`);
    case "call": {
      const keywords = expression.keywords.map(({ name, value }) =>
        name === null ? `**${unparse(value)}` : `${name}=${unparse(value)}`,
      );
      const positional = expression.positional.map((item) => unparse(item));
      return atom(`${unparse(expression.callee, ATOM)}(${[...positional, ...keywords].join(", ")})`);
    }
    case "unary": {
      const binding = expression.operator === "not " ? NOT : UNARY;
      return { text: `${expression.operator}${unparse(expression.operand, binding)}`, binding };
    }
    case "binary": {
      const binding = BINDING[expression.operator] ?? 0;
      const [left, right] = expression.operator === "**" ? [binding + 1, binding] : [binding, binding + 1];
      const text = `${unparse(expression.left, left)} ${expression.operator} ${unparse(expression.right, right)}`;
      return { text, binding };
    }
    case "boolean": {
      const binding = expression.operator === "or" ? OR : AND;
      return {
        text: expression.parts.map((part) => unparse(part, binding + 1)).join(` ${expression.operator} `),
        binding,
      };
    }
    case "comparison": {
      const [first, ...others] = expression.parts.map((part) => unparse(part, COMPARISON + 0.1));
      const rest = others.map((part, index) => ` ${expression.operators[index]} ${part}`);
      return { text: `${first}${rest.join("")}`, binding: COMPARISON };
    }
    case "condition": {
      const [value, condition] = [expression.value, expression.condition].map((part) => unparse(part, CONDITION + 1));
      return { text: `${value} if ${condition} else ${unparse(expression.otherwise, CONDITION)}`, binding: CONDITION };
    }
    case "slice": {
      const [from = "", to = "", step] = expression.ends.map((end) => (end === undefined ? "" : unparse(end)));
      return atom(`${from}:${to}${step ? `:${step}` : ""}`);
    }
    case "starred":
      return atom(`*${unparse(expression.of, BINDING["|"])}`);
    case "fstring":
      throw new PythonError("NotImplementedError", "an f-string is not written back");
  }
}

/** A tuple stands in an index without its parentheses. */
function indexText(index: Expression): string {
  const text = unparse(index);
  return index.kind === "tuple" && index.items.length > 1 ? text.slice(1, -1) : text;
}

function constantText(value: PythonValue): string {
  if (typeof value === "string") return repr(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof WholeFloat) return wholeFloatText(value.value);
  if (value === Number.POSITIVE_INFINITY) return "1e309";
  if (isNumeric(value)) return floatText(String(value));
  if (value instanceof OpaqueValue) return value.text;
  throw new PythonError("NotImplementedError", "this constant is not written back");
}

const wholeFloatText = (value: number): string => {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[e]/.test(text) || Math.abs(value) >= 1e16 ? floatText(value.toExponential()) : `${text}.0`;
};

/** Python pads an exponent to two digits. */
const floatText = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");
