/** A text as lines that an editor's edits change in place, whatever line ends it mixes. */

export interface TextPosition {
  /** From 0. */
  line: number;
  /** UTF-16 units from 0. */
  character: number;
}

/** Below zero where the left one comes first. */
export const comparePositions = (left: TextPosition, right: TextPosition): number =>
  left.line - right.line || left.character - right.character;

/** An edit as the language server protocol words it; without a range the whole text is replaced. */
export interface TextEdit {
  range?: { start: TextPosition; end: TextPosition };
  text: string;
}

/** `removed` lines from `from` on were replaced by `added` lines. */
export interface LineChange {
  from: number;
  removed: number;
  added: number;
}

const LINE = /\r\n|\n|\r/g;

/** Lines with their ends; the last has none, and is empty where the text ends with a line end. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  if (!text.includes("\r")) {
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      lines.push(text.slice(start, end + 1));
      start = end + 1;
    }
  } else {
    for (const match of text.matchAll(LINE)) {
      const end = match.index + match[0].length;
      lines.push(text.slice(start, end));
      start = end;
    }
  }
  lines.push(text.slice(start));
  return lines;
}

/** The line without its end. */
export function withoutEnd(line: string): string {
  const end = line.length - (line.endsWith("\r\n") ? 2 : line.endsWith("\n") || line.endsWith("\r") ? 1 : 0);
  return end === line.length ? line : line.slice(0, end);
}

export class TextLines {
  #lines: string[];

  constructor(text: string) {
    this.#lines = splitLines(text);
  }

  get count(): number {
    return this.#lines.length;
  }

  /** With its line end. */
  line(index: number): string {
    return this.#lines[index] ?? "";
  }

  get text(): string {
    return this.#lines.join("");
  }

  /** Positions beyond a line's end mean its end, as the protocol has it. */
  apply({ range, text }: TextEdit): LineChange {
    if (range === undefined) {
      const removed = this.#lines.length;
      this.#lines = splitLines(text);
      return { from: 0, removed, added: this.#lines.length };
    }
    let first = Math.min(range.start.line, this.#lines.length - 1);
    let last = Math.min(Math.max(range.end.line, first), this.#lines.length - 1);
    const head = this.line(first).slice(0, this.#clamp(range.start));
    const tail = this.line(last).slice(this.#clamp(range.end));
    let replaced = head + text + tail;
    // A line feed that comes to stand behind a carriage return is one line end with it.
    if (replaced.startsWith("\n") && first > 0 && this.line(first - 1).endsWith("\r")) {
      first--;
      replaced = this.line(first) + replaced;
    }
    if (replaced.endsWith("\r") && this.line(last + 1) === "\n") {
      last++;
      replaced += this.line(last);
    }
    const added = splitLines(replaced);
    // Lines follow whose own beginning is no part of this edit.
    if (last < this.#lines.length - 1 && added.at(-1) === "") added.pop();
    const removed = last - first + 1;
    if (added.length > 10_000) this.#lines = [...this.#lines.slice(0, first), ...added, ...this.#lines.slice(last + 1)];
    else this.#lines.splice(first, removed, ...added);
    return { from: first, removed, added: added.length };
  }

  #clamp({ line, character }: TextPosition): number {
    if (line >= this.#lines.length) return withoutEnd(this.line(this.#lines.length - 1)).length;
    return Math.min(character, withoutEnd(this.line(line)).length);
  }
}
