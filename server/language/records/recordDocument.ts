/** A text as records, kept so through edits: a record that an edit does not touch stays the same object. */
import { comparePositions, type TextEdit, TextLines, type TextPosition, withoutEnd } from "./lines.ts";
import { type ItemSpan, type Layout, splitText } from "./split.ts";

/** One record; what is known of it (findings, …) is kept by this object's identity. */
export interface RecordSlot {
  readonly text: string;
}

/** From `from` on these slots were replaced by those; the ones behind them may have moved. Undefined are blank lines. */
export interface SlotChange {
  from: number;
  removed: (RecordSlot | undefined)[];
  added: (RecordSlot | undefined)[];
}

export class RecordDocument {
  readonly file: string;
  readonly #lines: TextLines;
  #layout: Layout = "document";
  /** For the layout `lines` one for each line, undefined for a blank one. */
  #slots: (RecordSlot | undefined)[] = [];
  /** Where each slot begins; for the layout `lines` the index is the line. */
  #starts: TextPosition[] = [];

  /** A byte-order mark is no part of the text: editors count columns without it. */
  constructor(file: string, marked: string) {
    const text = marked.startsWith("\uFEFF") ? marked.slice(1) : marked;
    this.file = file;
    this.#lines = new TextLines(text);
    this.#fill(text);
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Slots, blank lines included. */
  get count(): number {
    return this.#slots.length;
  }

  get text(): string {
    return this.#lines.text;
  }

  slot(index: number): RecordSlot | undefined {
    return this.#slots[index];
  }

  /** Where the record begins in the text. */
  start(index: number): TextPosition {
    return this.#layout === "lines"
      ? { line: index, character: 0 }
      : (this.#starts[index] ?? { line: 0, character: 0 });
  }

  /** Position in the text of an offset in the record. */
  position(index: number, offset: number): TextPosition {
    const start = this.start(index);
    if (this.#layout === "lines") return { line: start.line, character: offset };
    return advance(start, this.#slots[index]?.text ?? "", offset);
  }

  /** The record at a position and the offset in it; undefined between records. */
  at(position: TextPosition): { index: number; offset: number } | undefined {
    if (this.#layout === "lines") {
      return this.#slots[position.line] === undefined
        ? undefined
        : { index: position.line, offset: position.character };
    }
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (comparePositions(this.#starts[middle] ?? position, position) <= 0) low = middle;
      else high = middle - 1;
    }
    const slot = this.#slots[low];
    if (slot === undefined) return undefined;
    const offset = offsetOf(this.start(low), slot.text, position);
    return offset === undefined ? undefined : { index: low, offset };
  }

  apply(edit: TextEdit): SlotChange {
    const { from, removed, added } = this.#lines.apply(edit);
    if (edit.range === undefined || this.#layout !== "lines") return this.#refill();
    const fresh = Array.from({ length: added }, (_, index) => this.#slotOfLine(from + index));
    const gone = this.#slots.slice(from, from + removed);
    if (added > 10_000) {
      this.#slots = [...this.#slots.slice(0, from), ...fresh, ...this.#slots.slice(from + removed)];
    } else this.#slots.splice(from, removed, ...fresh);
    return { from, removed: gone, added: fresh };
  }

  #slotOfLine(line: number): RecordSlot | undefined {
    const text = withoutEnd(this.#lines.line(line));
    return text.trim() === "" ? undefined : { text };
  }

  /** Splits anew, and keeps the slots at both ends whose text is unchanged. */
  #refill(): SlotChange {
    const before = this.#slots;
    this.#fill(this.#lines.text);
    const after = this.#slots;
    const shorter = Math.min(before.length, after.length);
    let from = 0;
    for (; from < shorter && before[from]?.text === after[from]?.text; from++) after[from] = before[from];
    let kept = 0;
    for (; kept < shorter - from; kept++) {
      const old = before[before.length - 1 - kept];
      if (old?.text !== after[after.length - 1 - kept]?.text) break;
      after[after.length - 1 - kept] = old;
    }
    return { from, removed: before.slice(from, before.length - kept), added: after.slice(from, after.length - kept) };
  }

  #fill(text: string): void {
    const split = splitText(this.file, text);
    this.#layout = split.layout;
    this.#starts = [];
    if (split.layout === "lines") {
      this.#slots = Array.from({ length: this.#lines.count }, (_, line) => this.#slotOfLine(line));
      return;
    }
    this.#slots = [];
    for (const { start, text: record } of placedRecords(text, split.spans)) {
      this.#slots.push({ text: record });
      this.#starts.push(start);
    }
  }
}

/** The records of a text that are not lines, each with the place where it begins. */
export function* placedRecords(
  text: string,
  spans: readonly ItemSpan[],
): Generator<{ text: string; start: TextPosition }> {
  let position: TextPosition = { line: 0, character: 0 };
  let reached = 0;
  for (const { start, end } of spans) {
    position = advance(position, text.slice(reached, start), start - reached);
    reached = start;
    yield { text: text.slice(start, end), start: position };
  }
}

const LINE_END = /\r\n|\n|\r/g;

/** The position `offset` units into `text`, which begins at `start`. */
function advance(start: TextPosition, text: string, offset: number): TextPosition {
  const starts = lineStarts(text);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0
    ? { line: start.line, character: start.character + offset }
    : { line: start.line + low, character: offset - (starts[low - 1] ?? 0) };
}

/** The place of a part of `text`, which begins at `start`; the part by its offsets in it. */
export const rangeOf = (start: TextPosition, text: string, part: { start: number; end: number }) => ({
  start: advance(start, text, part.start),
  end: advance(start, text, part.end),
});

/** Of the latest text: a document with a thousand findings is asked for a thousand positions in turn. */
let latest = { text: "", starts: [] as readonly number[] };

/** Offsets behind every line end. */
function lineStarts(text: string): readonly number[] {
  if (latest.text === text) return latest.starts;
  const starts: number[] = [];
  LINE_END.lastIndex = 0;
  for (let match = LINE_END.exec(text); match !== null; match = LINE_END.exec(text))
    starts.push(match.index + match[0].length);
  latest = { text, starts };
  return starts;
}

/** The offset in `text`, which begins at `start`, of a position; undefined outside it. */
function offsetOf(start: TextPosition, text: string, position: TextPosition): number | undefined {
  if (comparePositions(position, start) < 0) return undefined;
  let lineStart = 0;
  let line = start.line;
  LINE_END.lastIndex = 0;
  while (line < position.line) {
    const match = LINE_END.exec(text);
    if (match === null) return undefined;
    lineStart = match.index + match[0].length;
    line++;
  }
  const offset = lineStart + position.character - (line === start.line ? start.character : 0);
  return offset > text.length ? undefined : offset;
}
