/** From a place in a record (Ref) to offsets in its text. */
import { KEY, type Ref, type Step } from "../../toolcalls/dialects/ref.ts";
import { EscapeMap } from "./escapes.ts";
import { Tape } from "./tape.ts";

export interface Span {
  /** UTF-16 units from the start of the record's text. */
  start: number;
  end: number;
}

/** A JSON text that may stand inside a string of another: its tape, and the way back to the record. */
interface Level {
  tape: Tape;
  toRecord(offset: number): number;
}

/** Finds places in one record; what was built for one place serves the next. */
export class Locator {
  readonly #text: string;
  readonly #outermost: () => Level;
  #root: Level | undefined;
  /** Levels inside strings, by the offset in the record where their string and their part of it begin. */
  readonly #inner = new Map<string, Level>();

  constructor(text: string) {
    this.#text = text;
    this.#outermost = () => ({ tape: new Tape(this.#text), toRecord: (offset) => offset });
  }

  get tape(): Tape {
    this.#root ??= this.#outermost();
    return this.#root.tape;
  }

  /** Where a path leads nowhere, its nearest ancestor; a text span is cut to the string. */
  locate(ref: Ref): Span {
    this.#root ??= this.#outermost();
    return this.#descend(this.#root, this.#root.tape.root, ref.steps(), 0);
  }

  #descend(level: Level, index: number, steps: readonly Step[], position: number): Span {
    let here = index;
    for (let at = position; at < steps.length; at++) {
      const step = steps[at];
      if (step === KEY) return spanOf(level, level.tape.key(here) ?? rangeOf(level, here));
      if (typeof step === "object") return this.#enter(level, here, step, steps, at + 1);
      const child = level.tape.child(here, step as string | number);
      if (child === -1) break;
      here = child;
    }
    return here === -1 ? { start: 0, end: this.#text.length } : spanOf(level, rangeOf(level, here));
  }

  /** Into the text of a string: further steps read it as JSON of its own. */
  #enter(
    level: Level,
    index: number,
    { from, to }: { from: number; to: number },
    steps: readonly Step[],
    next: number,
  ): Span {
    const start = level.toRecord(level.tape.start(index));
    const range = rangeOf(level, index);
    const literal = this.#literalText(level, range);
    if (!literal.startsWith('"')) return spanOf(level, range);
    const map = new EscapeMap(literal);
    const toOuter = (offset: number): number => level.toRecord(range.start + map.toLiteral(offset));
    if (next >= steps.length) {
      const end = to === Number.POSITIVE_INFINITY ? decodedLength(literal) : to;
      return { start: toOuter(from), end: Math.max(toOuter(end), toOuter(from)) };
    }
    const key = `${start}:${from}:${to}`;
    let inner = this.#inner.get(key);
    if (inner === undefined) {
      const decoded = decodeLiteral(literal);
      inner = { tape: new Tape(decoded.slice(from, to)), toRecord: (offset) => toOuter(from + offset) };
      this.#inner.set(key, inner);
    }
    return this.#descend(inner, inner.tape.root, steps, next);
  }

  #literalText(level: Level, { start, end }: Span): string {
    return level.tape.text.slice(start, end);
  }
}

const rangeOf = ({ tape }: Level, index: number): Span => ({ start: tape.start(index), end: tape.end(index) });

const spanOf = (level: Level, { start, end }: Span): Span => ({
  start: level.toRecord(start),
  end: level.toRecord(end),
});

function decodeLiteral(literal: string): string {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : "";
  } catch {
    return literal.slice(1, -1);
  }
}

const decodedLength = (literal: string): number => decodeLiteral(literal).length;
