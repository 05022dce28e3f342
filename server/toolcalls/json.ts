/**
 * Strict JSON, with two additions to JSON.parse: a bound on nesting, so that no later walk over the value can overflow
 * the stack, and numbers that a double cannot hold kept as they were written.
 */

/** Deepest nesting of arrays and objects that is read. */
export const MAX_DEPTH = 100;

/**
 * A number of 2^53 or more in magnitude, kept as written: such integers are ids in real data, and rounding them would
 * teach and reward wrong ones. Made by JSON.rawJSON, so JSON.stringify writes the very digits.
 */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** The part of JSON that TypeScript's library does not declare yet (ECMAScript proposal JSON.parse source text access). */
interface ExactJson {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
}

const exactJson = JSON as unknown as ExactJson;

export const isExactNumber = (value: unknown): value is ExactNumber => exactJson.isRawJSON(value);

/** @param digits of a JSON number */
export const exactNumber = (digits: string): ExactNumber => exactJson.rawJSON(digits);

/** A JSON object, and nothing else that JavaScript calls an object. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/**
 * Reads one JSON value, every number as a double. Keys such as `__proto__` become own data keys; of duplicate keys the
 * last one counts.
 * @throws SyntaxError on text that is not JSON and on nesting deeper than MAX_DEPTH
 */
export function parseJson(text: string): unknown {
  refuseDeepNesting(text);
  return JSON.parse(text);
}

/** As parseJson, with every number of 2^53 or more as an ExactNumber. */
export function parseExactJson(text: string): unknown {
  const { deep, hasLongNumbers } = surveyJson(text, MAX_DEPTH);
  if (deep !== undefined) throw tooDeep();
  return hasLongNumbers ? parseEveryDigit(text) : JSON.parse(text);
}

/** What a text of unknown origin holds; undefined where it is not JSON. */
export function jsonIn(text: string, parse: (text: string) => unknown = parseExactJson): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Some ten times slower than JSON.parse, since every value comes by here. */
export function parseEveryDigit(text: string): unknown {
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && !isHeldByDouble(value) ? exactJson.rawJSON(source) : value,
  );
}

function refuseDeepNesting(text: string): void {
  if (nestsDeeperThan(text, MAX_DEPTH)) throw tooDeep();
}

const tooDeep = (): SyntaxError => new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);

function isHeldByDouble(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/** Text that is not JSON is left to the parser. */
export const nestsDeeperThan = (text: string, limit: number): boolean => surveyJson(text, limit).deep !== undefined;

/** What one pass over a text finds outside its string literals, before anything is parsed. */
export interface Survey {
  /** Offset of the first bracket that opens a deeper level than the limit; nothing behind it was looked at. */
  deep: number | undefined;
  /** Colons: in JSON, the number of members, those that a duplicate hides included. */
  members: number;
  /** A number may be one that a double rounds: it has an exponent, or digits enough to reach 2^53. */
  hasLongNumbers: boolean;
}

/** A number of fewer digits than these stays below 2^53, unless it has an exponent. */
const LONG_NUMBER = 16;

/** One pass without recursion; `limit` is the deepest nesting of arrays and objects that is taken. */
export function surveyJson(text: string, limit: number): Survey {
  let depth = 0;
  let members = 0;
  let hasLongNumbers = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x3a) members++;
    else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > limit) return { deep: at, members, hasLongNumbers };
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code >= 0x30 && code <= 0x39) {
      const end = endOfNumber(text, at);
      hasLongNumbers ||= end - at >= LONG_NUMBER || hasExponent(text, at, end);
      at = end - 1;
    }
  }
  return { deep: undefined, members, hasLongNumbers };
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const inNumber =
      (code >= 0x30 && code <= 0x39) || code === 0x2e || isExponent(code) || code === 0x2b || code === 0x2d;
    if (!inNumber) break;
  }
  return at;
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (isExponent(text.charCodeAt(at))) return true;
  return false;
}

const isExponent = (code: number): boolean => code === 0x65 || code === 0x45;

/** Index of the quote that closes the string literal opened at `quote`; the text's length where none does. */
export function endOfString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === 0x5c) first--;
    // An odd number of backslashes escapes the quote; the opening one stops the count.
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

/**
 * Equality of JSON numbers: 1, 1.0 and 1e0 are one number. Exact from 2^53 on; below it fractions are compared as
 * doubles. Where one side was rounded to a double before it came here, both are compared as doubles.
 */
export function sameNumber(left: number | ExactNumber, right: number | ExactNumber): boolean {
  if (typeof left === "number" || typeof right === "number") return asDouble(left) === asDouble(right);
  return canonicalNumber(left.rawJSON) === canonicalNumber(right.rawJSON);
}

const asDouble = (value: number | ExactNumber): number => (typeof value === "number" ? value : Number(value.rawJSON));

/** One spelling for each decimal number: significant digits without outer zeros, and the exponent of the last of them. */
function canonicalNumber(source: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  // An exponent of this length is no number anyone means; it equals itself only.
  if (exponent.length > 15) return source;
  const digits = whole + fraction;
  let first = 0;
  while (digits[first] === "0") first++;
  let end = digits.length;
  while (end > first && digits[end - 1] === "0") end--;
  return `${sign}${digits.slice(first, end)}e${Number(exponent) - fraction.length + (digits.length - end)}`;
}
