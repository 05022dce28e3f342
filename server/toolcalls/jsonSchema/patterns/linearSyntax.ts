/** Rewrites an ECMAScript regular expression in the syntax of RE2, with the same meaning. */

/** Thrown for what RE2 has no words for; the message continues "The pattern …". */
export class Inexpressible extends Error {}

/** White space and line ends as ECMA-262 counts them (22.2.2.9, CharacterEscape and CharacterClassEscape). */
const LINE_END = "\\n\\r\\x{2028}\\x{2029}";
const SPACE = `\\t\\x{b}\\f \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}\\x{feff}${LINE_END}`;

/** RE2 refuses counts above this; longer ones are written one after the other. */
const MAX_REPEAT = 1_000;
/** Atoms once all counts are written out: making the engine's program ready takes tens of milliseconds beyond it. */
const MAX_ATOMS = 3_000;

const CONTROL: Record<string, string> = { n: "\\n", r: "\\r", t: "\\t", f: "\\f", v: "\\x{b}", "0": "\\x{0}" };

/** General categories and scripts that RE2 knows by their short names. */
const LONG_CATEGORIES: Record<string, string> = {
  Letter: "L",
  Uppercase_Letter: "Lu",
  Lowercase_Letter: "Ll",
  Mark: "M",
  Number: "N",
  Decimal_Number: "Nd",
  Punctuation: "P",
  Symbol: "S",
  Separator: "Z",
  Other: "C",
};

/**
 * @param source a regular expression that the engine accepts
 * @param unicode whether it accepts it with the flag u; without, escapes that mean nothing stand for their character
 * @throws Inexpressible on lookaround, backreferences, and counts beyond any use
 */
export function toLinearSyntax(source: string, unicode: boolean): string {
  return new Rewriter(source, unicode).rewrite();
}

class Rewriter {
  readonly #source: string;
  readonly #unicode: boolean;
  #at = 0;
  #out = "";
  /** Where in the output the last atom starts, for a count that follows it. */
  #atom = 0;
  /** Atoms that the last atom stands for, and all of the group that is open. */
  #atomWeight = 0;
  #weight = 0;
  readonly #groups: { start: number; weight: number }[] = [];

  constructor(source: string, unicode: boolean) {
    this.#source = source;
    this.#unicode = unicode;
  }

  rewrite(): string {
    while (this.#at < this.#source.length) this.#next();
    return this.#out;
  }

  #next(): void {
    const character = this.#take();
    if (character === "(") this.#open();
    else if (character === ")") this.#close();
    else if (character === "[") this.#put(this.#class());
    else if (character === ".") this.#put(`[^${LINE_END}]`);
    else if (character === "\\") this.#put(this.#escape(false));
    else if (character === "{") this.#count();
    else if ("*+?|^$".includes(character)) this.#out += character;
    else this.#put(literal(character));
  }

  #put(atom: string): void {
    this.#atom = this.#out.length;
    this.#atomWeight = 1;
    this.#weight++;
    this.#out += atom;
  }

  /** One code point, as both engines count. */
  #take(): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #accept(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #open(): void {
    if (this.#accept(/\?(?:<?[=!])/y)) throw new Inexpressible("looks ahead or behind, which has no linear-time form");
    if (this.#accept(/\?(?![:<])/y)) throw new Inexpressible("changes its flags midway, which is not supported");
    this.#accept(/\?:|\?<[^>]*>/y);
    this.#groups.push({ start: this.#out.length, weight: this.#weight });
    this.#weight = 0;
    this.#out += "(?:";
  }

  #close(): void {
    const { start, weight } = this.#groups.pop() ?? { start: 0, weight: 0 };
    this.#out += ")";
    this.#atom = start;
    this.#atomWeight = this.#weight;
    this.#weight += weight;
  }

  #count(): void {
    const match = this.#accept(/(\d+)(?:(,)(\d*))?\}/y);
    if (match === undefined) {
      // Without the flag u, a brace that opens no count is a character.
      this.#put("\\{");
      return;
    }
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    this.#weight += this.#atomWeight * Math.max(least, most === Number.POSITIVE_INFINITY ? 0 : most);
    if (this.#weight > MAX_ATOMS) throw new Inexpressible("counts too far to be matched quickly");
    if (Math.max(least, most) <= MAX_REPEAT || (least <= MAX_REPEAT && most === Number.POSITIVE_INFINITY)) {
      this.#out += `{${match[0]}`;
      return;
    }
    this.#writeCount(least, most);
  }

  /** x{0,2500} as x{0,1000}x{0,1000}x{0,500}: the same texts, though not in the same way. */
  #writeCount(least: number, most: number): void {
    const atom = this.#out.slice(this.#atom);
    this.#accept(/\?/y);
    const counts = [...pieces(least).map((piece) => `{${piece}}`)];
    if (most === Number.POSITIVE_INFINITY) counts.push("*");
    else counts.push(...pieces(most - least).map((piece) => `{0,${piece}}`));
    this.#out = `${this.#out.slice(0, this.#atom)}(?:${counts.map((count) => atom + count).join("")})`;
  }

  #class(): string {
    const negated = this.#accept(/\^/y) !== undefined;
    let members = "";
    for (;;) {
      const character = this.#take();
      if (character === "]") break;
      members += character === "\\" ? this.#escape(true) : character === "-" ? "-" : literal(character);
    }
    if (members === "") return negated ? "(?s:.)" : "[^\\x{0}-\\x{10FFFF}]";
    // RE2 reads a hyphen beside a class (\w-x) as an error; ECMAScript without u as a character.
    const plain = members.replace(/^-|-$/g, "\\-").replace(/(\\[dwDW])-/g, "$1\\-");
    return `[${negated ? "^" : ""}${plain}]`;
  }

  #escape(inClass: boolean): string {
    const character = this.#take();
    if (/[dDwW]/.test(character)) return `\\${character}`;
    if (character === "s") return inClass ? SPACE : `[${SPACE}]`;
    if (character === "S") {
      if (inClass) throw new Inexpressible("has \\S inside a class, which is not supported");
      return `[^${SPACE}]`;
    }
    if (character === "b" && inClass) return "\\x{8}";
    if (/[bB]/.test(character) && !inClass) return `\\${character}`;
    if (/[pP]/.test(character) && this.#unicode) return this.#property(character);
    if (/[1-9]|k/.test(character) && (this.#unicode || character !== "k"))
      throw new Inexpressible("refers back to a group, which has no linear-time form");
    if (Object.hasOwn(CONTROL, character) && !(character === "0" && this.#accept(/(?=\d)/y)))
      return CONTROL[character] ?? "";
    return this.#coded(character);
  }

  /** \x41, \u0041, \u{1F600}, \cA; otherwise the character itself. */
  #coded(character: string): string {
    if (character === "x") {
      const hex = this.#accept(/[\da-f]{2}/iy)?.[0];
      if (hex !== undefined) return `\\x{${hex}}`;
    }
    if (character === "u") {
      const pair = this.#accept(/d[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}/iy)?.[0];
      if (pair !== undefined) {
        const text = String.fromCharCode(...pair.split(/\\u/i).map((unit) => Number.parseInt(unit, 16)));
        return literal(text);
      }
      const match = this.#accept(/([\da-f]{4})|\{([\da-f]+)\}/iy);
      if (match?.[2] !== undefined && !this.#unicode)
        throw new Inexpressible("holds \\u{…} beside escapes that the flag u forbids");
      if (match !== undefined) return `\\x{${match[1] ?? match[2]}}`;
    }
    if (character === "c") {
      const letter = this.#accept(/[a-z]/iy)?.[0];
      if (letter !== undefined) return `\\x{${(letter.charCodeAt(0) % 32).toString(16)}}`;
      throw new Inexpressible("holds \\c without a letter");
    }
    if (character === "0") throw new Inexpressible("holds an octal escape");
    return literal(character);
  }

  #property(sign: string): string {
    const name = this.#accept(/\{([^}]*)\}/y)?.[1] ?? "";
    const short = name.replace(/^(?:General_Category|gc|Script|sc)=/, "");
    return `\\${sign}{${LONG_CATEGORIES[short] ?? short}}`;
  }
}

function pieces(count: number): number[] {
  const whole = Array.from({ length: Math.floor(count / MAX_REPEAT) }, () => MAX_REPEAT);
  return count % MAX_REPEAT === 0 ? whole : [...whole, count % MAX_REPEAT];
}

/** The character as itself, inside a class and outside. */
const literal = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return /[\p{L}\p{N}_ ]/u.test(character) ? character : `\\x{${code.toString(16)}}`;
};
