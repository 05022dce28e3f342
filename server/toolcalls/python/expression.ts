/**
 * Python's expressions, as `ast.parse(text, mode="eval")` of CPython 3.11 reads them: strict, and fast enough to score completions by the
 * hundred thousand. (The reader of data files, dialects/pythonSyntax.ts, forgives mistakes and knows where everything stands.)
 * What no value of a call can be is refused as a mistake: lambdas, comprehensions, `yield`, unpacking in a list.
 */
import { syntaxError, type Token, tokensOf } from "./tokens.ts";
import { OpaqueValue, type PythonValue } from "./value.ts";

export type Expression =
  | { kind: "constant"; value: PythonValue }
  | { kind: "ellipsis" }
  | { kind: "name"; name: string }
  | { kind: "list" | "tuple" | "set"; items: Expression[] }
  | { kind: "dict"; entries: [Expression, Expression][] }
  | { kind: "attribute"; of: Expression; name: string }
  | { kind: "subscript"; of: Expression; index: Expression }
  | CallExpression
  | { kind: "unary"; operator: string; operand: Expression }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "boolean"; operator: "or" | "and"; parts: Expression[] }
  /** One operator fewer than there are parts. */
  | { kind: "comparison"; operators: string[]; parts: Expression[] }
  | { kind: "condition"; value: Expression; condition: Expression; otherwise: Expression }
  /** Lower and upper end and step, as far as they are written. */
  | { kind: "slice"; ends: (Expression | undefined)[] }
  | { kind: "starred"; of: Expression }
  | { kind: "fstring" };

export interface CallExpression {
  kind: "call";
  callee: Expression;
  positional: Expression[];
  /** A name of null is `**mapping`. */
  keywords: { name: string | null; value: Expression }[];
}

/** @throws PythonError SyntaxError */
export function parseExpression(text: string): Expression {
  return new Parser(tokensOf(text)).whole();
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);
const CONSTANTS: Readonly<Record<string, PythonValue>> = { True: true, False: false, None: null };

/** Loosest first; each binds to the left. */
const BINARY: readonly (readonly string[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];
const COMPARISONS: ReadonlySet<string> = new Set(["<", ">", "<=", ">=", "==", "!=", "in", "is"]);
/** Deeper ones mean nothing to anybody, and would fill the stack of whoever goes through them: Python's own gives up there too. */
const DEEPEST = 1000;

function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw syntaxError("nested too deeply");
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const first = this.#expression();
    const value = this.#is(",") ? this.#tuple(first) : first;
    if (this.#token().kind !== "end") throw syntaxError();
    return value;
  }

  #token(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: "end" };
  }

  /** Whether the next token is this operator or reserved word. */
  #is(text: string, ahead = 0): boolean {
    const token = this.#token(ahead);
    return (token.kind === "operator" || token.kind === "name") && token.text === text;
  }

  #skip(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) throw syntaxError();
  }

  #expression(): Expression {
    checkDepth(++this.#depth);
    const value = this.#disjunction();
    if (this.#skip("if")) {
      const condition = this.#disjunction();
      this.#expect("else");
      const otherwise = this.#expression();
      this.#depth--;
      return { kind: "condition", value, condition, otherwise };
    }
    this.#depth--;
    return value;
  }

  #disjunction(): Expression {
    return this.#boolean("or", () => this.#boolean("and", () => this.#negation()));
  }

  #boolean(operator: "or" | "and", part: () => Expression): Expression {
    const first = part();
    if (!this.#is(operator)) return first;
    const parts = [first];
    while (this.#skip(operator)) parts.push(part());
    return { kind: "boolean", operator, parts };
  }

  #negation(): Expression {
    let negations = 0;
    while (this.#skip("not")) checkDepth(++negations);
    let value = this.#comparison();
    for (; negations > 0; negations--) value = { kind: "unary", operator: "not ", operand: value };
    return value;
  }

  #comparison(): Expression {
    const first = this.#binary(0);
    let operator = this.#comparator();
    if (operator === undefined) return first;
    const operators: string[] = [];
    const parts = [first];
    for (; operator !== undefined; operator = this.#comparator()) {
      operators.push(operator);
      parts.push(this.#binary(0));
    }
    return { kind: "comparison", operators, parts };
  }

  #comparator(): string | undefined {
    if (this.#is("not") && this.#is("in", 1)) {
      this.#at += 2;
      return "not in";
    }
    const token = this.#token();
    if ((token.kind !== "operator" && token.kind !== "name") || !COMPARISONS.has(token.text)) return undefined;
    this.#at++;
    return token.text === "is" && this.#skip("not") ? "is not" : token.text;
  }

  #binary(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#factor();
    let left = this.#binary(level + 1);
    for (let depth = 0; ; checkDepth(++depth)) {
      const token = this.#token();
      if (token.kind !== "operator" || !operators.includes(token.text)) return left;
      this.#at++;
      left = { kind: "binary", operator: token.text, left, right: this.#binary(level + 1) };
    }
  }

  #factor(): Expression {
    const signs: string[] = [];
    for (let token = this.#token(); token.kind === "operator" && "+-~".includes(token.text); token = this.#token()) {
      signs.push(token.text);
      checkDepth(signs.length);
      this.#at++;
    }
    let value = this.#power();
    for (const operator of signs.reverse()) value = { kind: "unary", operator, operand: value };
    return value;
  }

  #power(): Expression {
    const base = this.#primary();
    if (!this.#skip("**")) return base;
    checkDepth(++this.#depth);
    const value: Expression = { kind: "binary", operator: "**", left: base, right: this.#factor() };
    this.#depth--;
    return value;
  }

  #primary(): Expression {
    let value = this.#atom();
    for (let depth = 0; ; checkDepth(++depth)) {
      if (this.#skip("(")) value = this.#call(value);
      else if (this.#skip("[")) value = { kind: "subscript", of: value, index: this.#index() };
      else if (this.#skip(".")) value = { kind: "attribute", of: value, name: this.#name() };
      else return value;
    }
  }

  #name(): string {
    const token = this.#token();
    if (token.kind !== "name" || RESERVED.has(token.text)) throw syntaxError();
    this.#at++;
    return token.text;
  }

  #call(callee: Expression): CallExpression {
    const call: CallExpression = { kind: "call", callee, positional: [], keywords: [] };
    let unpacked = false;
    while (!this.#is(")")) {
      if (this.#skip("**")) {
        call.keywords.push({ name: null, value: this.#expression() });
        unpacked = true;
      } else if (this.#skip("*")) {
        if (unpacked) throw syntaxError("iterable argument unpacking follows keyword argument unpacking");
        call.positional.push({ kind: "starred", of: this.#expression() });
      } else if (this.#token().kind === "name" && this.#is("=", 1)) {
        const name = this.#name();
        this.#at++;
        call.keywords.push({ name, value: this.#expression() });
      } else {
        if (call.keywords.length > 0) throw syntaxError("positional argument follows keyword argument");
        call.positional.push(this.#expression());
      }
      if (!this.#skip(",")) break;
    }
    this.#expect(")");
    return call;
  }

  #index(): Expression {
    const first = this.#slice();
    const value = this.#is(",") ? this.#tuple(first, () => this.#slice()) : first;
    this.#expect("]");
    return value;
  }

  #slice(): Expression {
    const end = (): Expression | undefined =>
      this.#is(":") || this.#is("]") || this.#is(",") ? undefined : this.#expression();
    const first = end();
    if (!this.#is(":")) {
      if (first === undefined) throw syntaxError();
      return first;
    }
    const ends = [first];
    while (ends.length < 3 && this.#skip(":")) ends.push(end());
    return { kind: "slice", ends };
  }

  /** From behind its first item. */
  #tuple(first: Expression, item = () => this.#expression()): Expression {
    const items = [first];
    while (this.#skip(",")) {
      if (this.#is(")") || this.#is("]") || this.#token().kind === "end") break;
      items.push(item());
    }
    return { kind: "tuple", items };
  }

  #atom(): Expression {
    const token = this.#token();
    this.#at++;
    switch (token.kind) {
      case "number":
        return { kind: "constant", value: token.value };
      case "string":
        return this.#strings(token.value);
      case "name": {
        const value = CONSTANTS[token.text];
        if (value !== undefined) return { kind: "constant", value };
        if (RESERVED.has(token.text)) throw syntaxError();
        return { kind: "name", name: token.text };
      }
      case "operator":
        return this.#enclosed(token.text);
      case "end":
        throw syntaxError();
    }
  }

  /** Strings that stand one after the other are one. */
  #strings(first: PythonValue): Expression {
    const values = [first];
    for (let token = this.#token(); token.kind === "string"; token = this.#token()) {
      values.push(token.value);
      this.#at++;
    }
    const bytes = values.filter((value) => value instanceof OpaqueValue && value.type === "bytes").length;
    if (bytes > 0 && bytes < values.length) throw syntaxError("cannot mix bytes and nonbytes literals");
    if (values.every((value) => typeof value === "string")) return { kind: "constant", value: values.join("") };
    return bytes > 0 ? { kind: "constant", value: first } : { kind: "fstring" };
  }

  #enclosed(bracket: string): Expression {
    switch (bracket) {
      case "...":
        return { kind: "ellipsis" };
      case "[":
        return { kind: "list", items: this.#items("]") };
      case "(": {
        if (this.#skip(")")) return { kind: "tuple", items: [] };
        const first = this.#expression();
        const value = this.#is(",") ? this.#tuple(first) : first;
        this.#expect(")");
        return value;
      }
      case "{":
        return this.#braces();
      default:
        throw syntaxError();
    }
  }

  #items(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#is(close)) {
      items.push(this.#expression());
      if (!this.#skip(",")) break;
    }
    this.#expect(close);
    return items;
  }

  #braces(): Expression {
    if (this.#skip("}")) return { kind: "dict", entries: [] };
    const first = this.#expression();
    if (!this.#is(":")) {
      if (this.#skip(",")) return { kind: "set", items: [first, ...this.#items("}")] };
      this.#expect("}");
      return { kind: "set", items: [first] };
    }
    const entries: [Expression, Expression][] = [];
    let key = first;
    for (;;) {
      this.#expect(":");
      entries.push([key, this.#expression()]);
      if (!this.#skip(",") || this.#is("}")) break;
      key = this.#expression();
    }
    this.#expect("}");
    return { kind: "dict", entries };
  }
}
