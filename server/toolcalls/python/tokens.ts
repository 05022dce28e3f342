/** The tokens of a Python expression, as CPython's tokenizer cuts them. */

import { PythonError } from "./error.ts";
import { SIMPLE_ESCAPES } from "./escapes.ts";
import { floatOf, intOf, OpaqueValue, type PythonValue, repr } from "./value.ts";

export type Token =
  | { kind: "name"; text: string }
  | { kind: "number" | "string"; value: PythonValue }
  | { kind: "operator"; text: string }
  | { kind: "end" };

export const syntaxError = (what = "invalid syntax"): PythonError => new PythonError("SyntaxError", what);

/** Brackets that CPython lets stand open at once. */
const DEEPEST = 200;
const LONGEST_INT = 4300;

const SPACE = /[ \t\f]|\\\r?\n/y;
const COMMENT = /#[^\n]*/y;
const NAME = /[\p{XIDS}_][\p{XIDC}]*/uy;
const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?/y;
const STRING_START = /([rR]?[bB]|[bB][rR]|[uU]|[rR]|[fF][rR]?|[rR][fF])?("""|'''|"|')/y;
const OPERATOR = /\*\*|\/\/|<<|>>|<=|>=|==|!=|->|:=|\.\.\.|[-+*/%@&|^~<>()[\]{},:.=;!]/y;

/** @throws PythonError SyntaxError on what is no token, a string that never ends, brackets that do not match */
export function tokensOf(text: string): Token[] {
  // CPython encodes the text first, which lone surrogates do not survive.
  if (!text.isWellFormed() || text.includes("\0")) throw syntaxError("the source cannot be encoded");
  return new Scanner(text).all();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #tokens: Token[] = [];
  readonly #open: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  all(): Token[] {
    // A line that begins with white space is indented, which no expression may be.
    if (/^[ \t]/.test(this.#text)) throw syntaxError("unexpected indent");
    while (this.#at < this.#text.length) this.#next();
    if (this.#open.length > 0) throw syntaxError(`'${this.#open.at(-1)}' was never closed`);
    this.#tokens.push({ kind: "end" });
    return this.#tokens;
  }

  #next(): void {
    if (this.#take(SPACE) !== undefined || this.#take(COMMENT) !== undefined) return;
    const newline = this.#take(/\r?\n|\r/y);
    if (newline !== undefined) {
      if (this.#open.length === 0 && this.#tokens.length > 0 && this.#text.slice(this.#at).trim() !== "")
        throw syntaxError();
      return;
    }
    const start = this.#take(STRING_START);
    if (start !== undefined) {
      this.#string(start);
      return;
    }
    const name = this.#take(NAME);
    if (name !== undefined) {
      // Names are compared in the form NFKC (PEP 3131).
      this.#tokens.push({ kind: "name", text: name.normalize("NFKC") });
      return;
    }
    const number = this.#take(NUMBER);
    if (number !== undefined) {
      this.#number(number);
      return;
    }
    const operator = this.#take(OPERATOR);
    if (operator === undefined) throw syntaxError("invalid character");
    this.#bracket(operator);
    this.#tokens.push({ kind: "operator", text: operator });
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #bracket(operator: string): void {
    const close = CLOSING[operator];
    if (close !== undefined) {
      this.#open.push(close);
      if (this.#open.length > DEEPEST) throw syntaxError("too many nested parentheses");
    } else if (operator === ")" || operator === "]" || operator === "}") {
      if (this.#open.pop() !== operator) throw syntaxError(`unmatched '${operator}'`);
    }
  }

  #number(source: string): void {
    const next = this.#text.charAt(this.#at);
    if (/[\p{XIDC}]/u.test(next)) throw syntaxError("invalid decimal literal");
    this.#tokens.push({ kind: "number", value: numberOf(source.replaceAll("_", "")) });
  }

  #string(start: string): void {
    const quote = start.endsWith('"""') || start.endsWith("'''") ? start.slice(-3) : start.slice(-1);
    const prefix = start.slice(0, -quote.length).toLowerCase();
    const from = this.#at;
    const to = endOfString(this.#text, from, quote);
    this.#at = to + quote.length;
    const body = this.#text.slice(from, to).replaceAll(/\r\n?/g, "\n");
    if (prefix.includes("f")) this.#tokens.push({ kind: "string", value: new OpaqueValue("JoinedStr", "") });
    else if (prefix.includes("b")) {
      if (/[^\0-\x7f]/.test(body)) throw syntaxError("bytes can only contain ASCII literal characters");
      this.#tokens.push({ kind: "string", value: new OpaqueValue("bytes", `b${repr(body)}`) });
    } else this.#tokens.push({ kind: "string", value: prefix.includes("r") ? body : unescaped(body) });
  }
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(quote, at)) return at;
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (character === "\n" && quote.length === 1) break;
  }
  throw syntaxError("unterminated string literal");
}

function numberOf(source: string): PythonValue {
  if (/[jJ]$/.test(source)) return new OpaqueValue("complex", source);
  if (/^0[xob]/i.test(source)) return intOf(BigInt(source));
  if (/[.eE]/.test(source)) return floatOf(Number(source));
  if (/^0+[1-9]/.test(source)) throw syntaxError("leading zeros in decimal integer literals are not permitted");
  if (source.length > LONGEST_INT) throw syntaxError("Exceeds the limit for integer string conversion");
  return intOf(BigInt(source));
}

const ESCAPE = /\\(?:\n|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;

/** An escape that Python does not know stays as it is written. */
function unescaped(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(ESCAPE, (whole, octal, two, four, eight, other) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = two ?? four ?? eight;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) throw syntaxError("illegal Unicode character");
      return String.fromCodePoint(code);
    }
    if (other === undefined) return "";
    // \N{name} would need the names of all characters.
    if (other === "x" || other === "u" || other === "U" || other === "N") throw syntaxError("truncated escape");
    return SIMPLE_ESCAPES[other] ?? whole;
  });
}
