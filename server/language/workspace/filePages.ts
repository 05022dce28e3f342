/**
 * A file that is too large for an editor, cut into pages that are not: ranges of its bytes that begin at lines, or within one where
 * a line alone is too large. Only pages that someone wants to look at are kept.
 */
import { open } from "node:fs/promises";
import type { TextRange } from "../analysis/scope.ts";
import type { TextPosition } from "../records/lines.ts";

export interface FilePage {
  /** Bytes of the file, the end behind the last one. */
  start: number;
  end: number;
  /** Where in the file its text begins. */
  position: TextPosition;
  /** The line on which it ends, from 0. */
  lastLine: number;
}

/** A page ends with the line that fills one of the first two, and within a line that would exceed the third. */
export interface PageSize {
  lines: number;
  bytes: number;
  mostBytes: number;
}

/** Smaller than what slows an editor down, larger than most records. */
const PAGE_SIZE: PageSize = { lines: 1000, bytes: 256 * 1024, mostBytes: 1024 * 1024 };

const CHUNK = 1 << 20;

/**
 * The pages on which these positions are, in the order of the file.
 *
 * @param places in any order; those behind the end are on the last page
 */
export async function pagesOf(file: string, places: readonly TextPosition[], size = PAGE_SIZE): Promise<FilePage[]> {
  const pages: FilePage[] = [];
  const cutter = new PageCutter(size);
  const wanted = [...places].sort(comparePositions);
  let next = 0;
  const keep = (page: FilePage, behind: TextPosition | undefined): void => {
    const before = next;
    while (next < wanted.length && (behind === undefined || isBefore(wanted[next], behind))) next++;
    if (next > before) pages.push(page);
  };
  await using handle = await open(file);
  const buffer = Buffer.allocUnsafe(CHUNK);
  while (next < wanted.length) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, null);
    if (bytesRead === 0) {
      keep(cutter.end(), undefined);
      break;
    }
    for (const page of cutter.cut(buffer.subarray(0, bytesRead))) keep(page, page.behind);
  }
  return pages.map(({ start, end, position, lastLine }) => ({ start, end, position, lastLine }));
}

/** Which of the pages, which are in order, a position is on; -1 where it is before the first. */
export function pageAt(pages: readonly FilePage[], place: TextPosition): number {
  let low = -1;
  let high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (comparePositions(pages[middle]?.position ?? place, place) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The range as the page's own text has it; what is beyond the page's end is for its reader to cut off. */
export function rangeOnPage({ position }: FilePage, { start, end }: TextRange): TextRange {
  const on = ({ line, character }: TextPosition): TextPosition => ({
    line: Math.max(0, line - position.line),
    character: line === position.line ? Math.max(0, character - position.character) : character,
  });
  return { start: on(start), end: on(end) };
}

/** The page's text. @throws Error where the file cannot be read */
export async function pageText(file: string, { start, end }: Pick<FilePage, "start" | "end">): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
  return new TextDecoder().decode(buffer.subarray(0, bytesRead));
}

const comparePositions = (left: TextPosition, right: TextPosition): number =>
  left.line - right.line || left.character - right.character;

const isBefore = (place: TextPosition | undefined, other: TextPosition): boolean =>
  place !== undefined && comparePositions(place, other) < 0;

interface CutPage extends FilePage {
  /** Where the next one begins. */
  behind: TextPosition;
}

class PageCutter {
  readonly #size: PageSize;
  #start = 0;
  #position: TextPosition = { line: 0, character: 0 };
  /** Of the next byte. */
  #offset = 0;
  #line = 0;
  #character = 0;
  #last = 0;

  constructor(size: PageSize) {
    this.#size = size;
  }

  /** Pages that end in these bytes, which follow those of the call before. */
  *cut(bytes: Uint8Array): Generator<CutPage> {
    for (const byte of bytes) {
      if (this.#isFull(byte)) yield this.#take();
      this.#count(byte);
    }
  }

  end(): CutPage {
    return this.#take();
  }

  #isFull(byte: number): boolean {
    // A line feed behind a carriage return belongs to its line end, and a continuation to its character.
    if ((byte === LF && this.#last === CR) || (byte & 0xc0) === 0x80) return false;
    const { lines, bytes, mostBytes } = this.#size;
    const size = this.#offset - this.#start;
    if (size >= mostBytes) return true;
    const isLineStart = this.#character === 0 && size > 0;
    return isLineStart && (size >= bytes || this.#line - this.#position.line >= lines);
  }

  #take(): CutPage {
    const behind = { line: this.#line, character: this.#character };
    const lastLine = this.#character === 0 ? Math.max(this.#position.line, this.#line - 1) : this.#line;
    const page = { start: this.#start, end: this.#offset, position: this.#position, lastLine, behind };
    this.#start = this.#offset;
    this.#position = behind;
    return page;
  }

  /** Columns are UTF-16 units: none for the continuation of a character, two for one of four bytes, none for a byte-order mark. */
  #count(byte: number): void {
    if (byte === LF || byte === CR) {
      if (byte !== LF || this.#last !== CR) this.#line++;
      this.#character = 0;
    } else if (byte < 0x80) this.#character++;
    else if (byte >= 0xf0) this.#character += 2;
    else if (byte >= 0xc0 && !(byte === 0xef && this.#offset === 0)) this.#character++;
    this.#offset++;
    this.#last = byte;
  }
}

const LF = 0x0a;
const CR = 0x0d;
