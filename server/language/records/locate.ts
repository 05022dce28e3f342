/** From a place in a record (Ref) to offsets in its text. */
import { KEY, type Ref, type TextSpan } from "../../toolcalls/dialects/ref.ts";
import { EscapeMap } from "./escapes.ts";
import { Tape } from "./tape.ts";
import { isWholeText } from "./wholeText.ts";

export interface Span {
  /** UTF-16 units from the start of the record's text. */
  start: number;
  end: number;
}

/** A JSON text, outermost or inside a string of another: its tape, and the way back to the record. */
class Level {
  readonly tape: Tape;
  readonly toRecord: (offset: number) => number;
  readonly #strings = new Map<number, Literal>();

  constructor(text: string, toRecord: (offset: number) => number) {
    this.tape = new Tape(text);
    this.toRecord = toRecord;
  }

  span(index: number): Span {
    return this.outer({ start: this.tape.start(index), end: this.tape.end(index) });
  }

  outer({ start, end }: Span): Span {
    return { start: this.toRecord(start), end: this.toRecord(end) };
  }

  /** The string that this value is; undefined for any other value. */
  literal(index: number): Literal | undefined {
    let literal = this.#strings.get(index);
    if (literal === undefined) {
      const start = this.tape.start(index);
      const text = this.tape.text.slice(start, this.tape.end(index));
      if (!text.startsWith('"')) return undefined;
      literal = Literal.of(text, (offset) => this.toRecord(start + offset));
      this.#strings.set(index, literal);
    }
    return literal;
  }
}

/** One text inside a record, read and mapped once for all places in it. */
class Literal {
  readonly #decoded: string;
  readonly #offset: (decoded: number) => number;
  readonly #levels = new Map<string, Level>();

  private constructor(decoded: string, offset: (decoded: number) => number) {
    this.#decoded = decoded;
    this.#offset = offset;
  }

  /** @param literal of a string, with its quotes */
  static of(literal: string, toRecord: (offset: number) => number): Literal {
    const map = new EscapeMap(literal);
    return new Literal(decode(literal), (decoded) => toRecord(map.toLiteral(decoded)));
  }

  /** A record that is a text as it stands. */
  static whole(text: string): Literal {
    return new Literal(text, (offset) => offset);
  }

  span({ from, to }: TextSpan): Span {
    const end = Math.min(to, this.#decoded.length);
    return { start: this.#offset(Math.min(from, end)), end: this.#offset(end) };
  }

  level({ from, to }: TextSpan): Level {
    const key = `${from}:${to}`;
    let level = this.#levels.get(key);
    if (level === undefined) {
      level = new Level(this.#decoded.slice(from, to), (offset) => this.#offset(from + offset));
      this.#levels.set(key, level);
    }
    return level;
  }
}

/** Finds places in one record; what was built for one place serves the next. */
export class Locator {
  readonly #text: () => string;
  #outermost: Level | undefined;
  #wholeText: Literal | null | undefined;

  /** @param text gives the JSON; asked for when the first place is */
  constructor(text: () => string) {
    this.#text = text;
  }

  get tape(): Tape {
    return this.#level.tape;
  }

  /** The text of a record that is no JSON but a text. */
  get #whole(): Literal | undefined {
    if (this.#wholeText === undefined) {
      const text = this.#text();
      this.#wholeText = isWholeText(text) ? Literal.whole(text) : null;
    }
    return this.#wholeText ?? undefined;
  }

  get #level(): Level {
    this.#outermost ??= new Level(this.#text(), (offset) => offset);
    return this.#outermost;
  }

  /** Where a path leads nowhere, its nearest ancestor; a part of a text is cut to the text. */
  locate(ref: Ref): Span {
    const steps = ref.steps();
    const whole = this.#whole;
    if (whole !== undefined && typeof steps[0] !== "object")
      return whole.span({ from: 0, to: Number.POSITIVE_INFINITY });
    let level = this.#level;
    let here = level.tape.root;
    if (here === -1 && whole === undefined) return { start: 0, end: level.tape.text.length };
    for (const [position, step] of steps.entries()) {
      if (step === KEY)
        return level.outer(level.tape.key(here) ?? { start: level.tape.start(here), end: level.tape.end(here) });
      if (typeof step === "object") {
        const literal = (position === 0 ? whole : undefined) ?? level.literal(here);
        if (literal === undefined) break;
        const inner = position + 1 < steps.length ? literal.level(step) : undefined;
        if (inner === undefined || inner.tape.root === -1) return literal.span(step);
        level = inner;
        here = inner.tape.root;
        continue;
      }
      const child = level.tape.child(here, step);
      if (child === -1) break;
      here = child;
    }
    return level.span(here);
  }
}

/** Of the record that was asked for last: a thousand findings may point into one catalog. */
let latest: { record: object; locator: Locator } | undefined;

/** The locator of a record whose text never changes, shared by places that are looked for one after the other. */
export function locatorOf(record: object, text: () => string): Locator {
  if (latest?.record !== record) latest = { record, locator: new Locator(text) };
  return latest.locator;
}

function decode(literal: string): string {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : "";
  } catch {
    return literal.slice(1, -1);
  }
}
