/** Python literals as `repr` prints them: JSON's values with single quotes, True, False, None and tuples. */

const DEEPEST = 100;

/**
 * The value that a Python literal stands for, or undefined where the text is no literal of JSON's kinds. Tuples become lists.
 * @returns the value and the offset behind it
 */
export function readPythonLiteral(text: string, from = 0): { value: unknown; end: number } | undefined {
  try {
    const reader = new Reader(text, from);
    return { value: reader.value(0), end: reader.at };
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

class Reader {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new NoLiteral();
    this.#blank();
    const first = this.#text.charAt(this.at);
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#list("]", depth);
    if (first === "(") return this.#list(")", depth);
    if (first === "'" || first === '"') return this.#string(first);
    return this.#word();
  }

  #object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.at++;
    while (!this.#closes("}")) {
      const key = this.value(depth + 1);
      this.#expect(":");
      entries.push([String(key), this.value(depth + 1)]);
      this.#comma("}");
    }
    return Object.fromEntries(entries);
  }

  #list(close: string, depth: number): unknown[] {
    const values: unknown[] = [];
    this.at++;
    while (!this.#closes(close)) {
      values.push(this.value(depth + 1));
      this.#comma(close);
    }
    return values;
  }

  #string(quote: string): string {
    let value = "";
    for (this.at++; this.at < this.#text.length; this.at++) {
      const character = this.#text.charAt(this.at);
      if (character === quote) {
        this.at++;
        return value;
      }
      value += character === "\\" ? this.#escape() : character;
    }
    throw new NoLiteral();
  }

  #escape(): string {
    this.at++;
    const character = this.#text.charAt(this.at);
    const width = WIDTHS[character];
    if (width === undefined) return SIMPLE[character] ?? `\\${character}`;
    const digits = this.#text.slice(this.at + 1, this.at + 1 + width);
    const code = Number.parseInt(digits, 16);
    if (digits.length < width || Number.isNaN(code) || code > 0x10ffff) throw new NoLiteral();
    this.at += width;
    return String.fromCodePoint(code);
  }

  #word(): unknown {
    const [word = ""] = /^[\w.+-]+/.exec(this.#text.slice(this.at, this.at + 64)) ?? [];
    this.at += word.length;
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
    if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(word)) throw new NoLiteral();
    return Number(word);
  }

  #closes(close: string): boolean {
    this.#blank();
    if (this.#text.charAt(this.at) !== close) return false;
    this.at++;
    return true;
  }

  #comma(close: string): void {
    this.#blank();
    if (this.#text.charAt(this.at) !== close) this.#expect(",");
  }

  #expect(character: string): void {
    this.#blank();
    if (this.#text.charAt(this.at) !== character) throw new NoLiteral();
    this.at++;
  }

  #blank(): void {
    while (/\s/.test(this.#text.charAt(this.at))) this.at++;
  }
}

const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};
const WIDTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
