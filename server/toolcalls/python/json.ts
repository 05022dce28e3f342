/**
 * `json.loads` of CPython 3.11: ints of any size, floats apart from ints, NaN and the infinities, the last of equal keys, and its
 * own errors word for word. JSON.parse is stricter in some places and loses what kind of number was written.
 */
import { PythonError, withoutStacks } from "./error.ts";
import { floatOf, intOf, type PythonDict, type PythonValue, WholeFloat } from "./value.ts";

/** Levels that CPython reads before its recursion limit of 1,000 ends it, less the frames of whoever calls. */
const DEEPEST = 990;
/** `sys.get_int_max_str_digits()` */
const LONGEST_INT = 4300;

/** @throws PythonError JSONDecodeError, ValueError for an int of more than 4,300 digits, RecursionError for deep nesting */
export function loads(text: string): PythonValue {
  const plain = losesNothing(text) ? parsed(text) : undefined;
  if (plain !== undefined) return fromJson(plain, 0);
  if (text.charCodeAt(0) === 0xfeff) throw decodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0);
  return new Reader(text).whole();
}

/**
 * What JSON.parse would lose: floats without a fraction (sixteen digits may round to one), ints beyond 2^53, the order of keys that look
 * like numbers. Any other text that it can read, it reads the same and twice as fast; that inside a string looks alike costs only time.
 */
const NEEDS_CARE = /\d\.0*(?!\d)|\d[eE]|\d{16}|\d{8}\.|\.\d{8}|"\d+"\s*:/;

/** Whether JSON.parse reads from a text that is JSON all that Python does. */
export const losesNothing = (text: string): boolean => !NEEDS_CARE.test(text);

function parsed(text: string): unknown {
  const restore = withoutStacks();
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Python may still read it, and has its own words for what is wrong.
  } finally {
    restore();
  }
}

function fromJson(value: unknown, depth: number): PythonValue {
  // The sum turns -0 into 0, as an int has no sign there.
  if (typeof value === "number") return value + 0;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (depth >= DEEPEST) throw tooDeep();
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = fromJson(value[index], depth + 1);
    return value;
  }
  const object = value as Record<string, unknown>;
  const dict: PythonDict = new Map();
  for (const key of Object.keys(object)) dict.set(key, fromJson(object[key], depth + 1));
  return dict;
}

const tooDeep = (): PythonError =>
  new PythonError(
    "RecursionError",
    "maximum recursion depth exceeded while decoding a JSON object from a unicode string",
  );

function decodeError(message: string, text: string, offset: number): PythonError {
  const before = text.slice(0, offset);
  const points = [...before].length;
  const newline = before.lastIndexOf("\n");
  const line = before.split("\n").length;
  const column = [...before.slice(newline + 1)].length + 1;
  return new PythonError("JSONDecodeError", `${message}: line ${line} column ${column} (char ${points})`);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PythonValue {
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault("Extra data");
    return value;
  }

  #fault(message: string, offset = this.#at): PythonError {
    return decodeError(message, this.#text, offset);
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at); // NaN at the end, which equals nothing
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#code();
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #value(): PythonValue {
    switch (this.#code()) {
      case QUOTE:
        return this.#string();
      case OPEN_BRACE:
        return this.#nested(() => this.#object());
      case OPEN_BRACKET:
        return this.#nested(() => this.#array());
      case 0x74: // t
        return this.#word("true", true);
      case 0x66: // f
        return this.#word("false", false);
      case 0x6e: // n
        return this.#word("null", null);
      case 0x4e: // N
        return this.#word("NaN", Number.NaN);
      case 0x49: // I
        return this.#word("Infinity", Number.POSITIVE_INFINITY);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw tooDeep();
    this.#at++;
    this.#skipSpace();
    const value = read();
    this.#depth--;
    return value;
  }

  #word<T extends PythonValue>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault("Expecting value");
    this.#at += word.length;
    return value;
  }

  #object(): PythonDict {
    const dict: PythonDict = new Map();
    if (this.#code() === CLOSE_BRACE) {
      this.#at++;
      return dict;
    }
    for (;;) {
      if (this.#code() !== QUOTE) throw this.#fault("Expecting property name enclosed in double quotes");
      const key = this.#string();
      this.#skipSpace();
      if (this.#code() !== COLON) throw this.#fault("Expecting ':' delimiter");
      this.#at++;
      this.#skipSpace();
      dict.set(key, this.#value());
      if (this.#closes(CLOSE_BRACE)) return dict;
    }
  }

  #array(): PythonValue[] {
    const list: PythonValue[] = [];
    if (this.#code() === CLOSE_BRACKET) {
      this.#at++;
      return list;
    }
    for (;;) {
      list.push(this.#value());
      if (this.#closes(CLOSE_BRACKET)) return list;
    }
  }

  /** Behind an item: whether the container ends here; else a comma has been read. */
  #closes(bracket: number): boolean {
    this.#skipSpace();
    const code = this.#code();
    if (code !== bracket && code !== COMMA) throw this.#fault("Expecting ',' delimiter");
    this.#at++;
    if (code === bracket) return true;
    this.#skipSpace();
    return false;
  }

  #string(): string {
    const text = this.#text;
    const open = this.#at;
    let from = open + 1;
    let read = "";
    for (let at = from; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return read === "" ? text.slice(from, at) : read + text.slice(from, at);
      }
      if (code === BACKSLASH) {
        read += text.slice(from, at) + this.#escape(open, at);
        at = this.#at - 1;
        from = this.#at;
      } else if (code <= 0x1f) throw this.#fault("Invalid control character at", at);
      else if (at >= text.length) throw this.#fault("Unterminated string starting at", open);
    }
  }

  /** The unit that the escape at `at` stands for; two escapes of a surrogate pair come one after the other. */
  #escape(open: number, at: number): string {
    const letter = this.#text.charAt(at + 1);
    if (letter === "") throw this.#fault("Unterminated string starting at", open);
    if (letter !== "u") {
      const unit = ESCAPES[letter];
      if (unit === undefined) throw this.#fault("Invalid \\escape", at);
      this.#at = at + 2;
      return unit;
    }
    const digits = this.#text.slice(at + 2, at + 6);
    // CPython wants one more unit behind the four: a text that ends with them never closes its string anyway.
    if (!/^[0-9a-fA-F]{4}$/.test(digits) || at + 6 >= this.#text.length)
      throw this.#fault("Invalid \\uXXXX escape", at + 1);
    this.#at = at + 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): PythonValue {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    if (text.charCodeAt(at) === 0x2d) at++;
    const first = text.charCodeAt(at);
    if (!isDigit(first)) {
      if (at > start && first === 0x49) {
        this.#at = at;
        return -this.#minusInfinity(start);
      }
      throw this.#fault("Expecting value", start);
    }
    at = first === 0x30 ? at + 1 : digitsEnd(text, at);
    const whole = at;
    if (text.charCodeAt(at) === 0x2e && isDigit(text.charCodeAt(at + 1))) at = digitsEnd(text, at + 1);
    const exponent = text.charCodeAt(at);
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = text.charCodeAt(at + 1);
      const digits = at + (sign === 0x2b || sign === 0x2d ? 2 : 1);
      if (isDigit(text.charCodeAt(digits))) at = digitsEnd(text, digits);
    }
    this.#at = at;
    const source = text.slice(start, at);
    return at === whole ? integer(source) : floatOf(Number(source));
  }

  #minusInfinity(start: number): number {
    if (!this.#text.startsWith("Infinity", this.#at)) throw this.#fault("Expecting value", start);
    this.#at += "Infinity".length;
    return Number.POSITIVE_INFINITY;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function integer(source: string): number | bigint {
  // Up to fifteen digits a double is exact; the sum turns -0 into 0, as an int has no sign there.
  if (source.length <= 15) return Number(source) + 0;
  const digits = source.startsWith("-") ? source.length - 1 : source.length;
  if (digits > LONGEST_INT)
    throw new PythonError(
      "ValueError",
      `Exceeds the limit (${LONGEST_INT} digits) for integer string conversion: value has ${digits} digits; use sys.set_int_max_str_digits() to increase the limit`,
    );
  return intOf(BigInt(source));
}

/**
 * Whether `json.dumps(value, sort_keys=True)` writes the same text for both: stricter than `==`, since 1, 1.0 and true are written
 * apart, and so are 0.0 and -0.0; more lenient for NaN, which is text like any other.
 */
export function sameDump(left: PythonValue, right: PythonValue): boolean {
  if (left === right) return true;
  switch (typeof left) {
    case "number":
      return Number.isNaN(left) && Number.isNaN(right);
    case "object":
      return left !== null && sameContainer(left, right);
    default:
      return false;
  }
}

function sameContainer(left: object, right: PythonValue): boolean {
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item: PythonValue, index) => sameDump(item, right[index] as PythonValue))
    );
  if (left instanceof Map) return right instanceof Map && sameDictDump(left, right);
  return isWhole(left) && isWhole(right) && Object.is(left.value, right.value);
}

function sameDictDump(left: PythonDict, right: PythonDict): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || !sameDump(value, other)) return false;
  }
  return true;
}

const isWhole = (value: unknown): value is WholeFloat => value instanceof WholeFloat;
