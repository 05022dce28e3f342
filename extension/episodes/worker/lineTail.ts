/**
 * The lines of a file of any size that may grow: each reading goes on where the one before it ended, and keeps nothing of the file but
 * the line it stands in. A file that is another one since is read from its beginning.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface TailLine {
  /** From 1. */
  number: number;
  /** Place of its first byte in the file. */
  start: number;
  /** Without the line end; undefined where there are more than MOST_LINE. */
  bytes: Buffer | undefined;
  /** It has no line end yet, and comes again once it has. */
  open: boolean;
}

export interface TailPart {
  lines: TailLine[];
  /** What was read before is void. */
  anew: boolean;
}

/** Longest line that is read, bytes. */
export const MOST_LINE = 64 << 20;
/** Bytes in front of the place that was reached, by which a file that has grown is told from another one. */
const REMEMBERED = 512;
const LF = 0x0a;

interface Stamp {
  inode: bigint;
  size: number;
  modified: bigint;
}

export class LineTail {
  readonly #file: string;
  #stamp: Stamp | undefined;
  #offset = 0;
  #number = 1;
  #remembered = Buffer.alloc(0);
  /** Of the line that the offset is in. */
  #start = 0;
  #pieces: Buffer[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Bytes that were read, and those of the file. */
  get progress(): { read: number; of: number } {
    return { read: this.#offset, of: Math.max(this.#offset, this.#stamp?.size ?? 0) };
  }

  /**
   * @param most bytes to read
   * @throws an error of the file system
   */
  read(most: number): TailPart {
    const fd = openSync(this.#file, "r");
    try {
      const { ino: inode, size, mtimeNs: modified } = fstatSync(fd, { bigint: true });
      const stamp = { inode, size: Number(size), modified };
      const anew = this.#isAnother(fd, stamp);
      if (anew) this.#forget();
      this.#stamp = stamp;
      const bytes = bytesOf(fd, this.#offset, Math.min(most, stamp.size - this.#offset));
      return { lines: bytes.length > 0 ? this.#take(bytes, stamp.size) : [], anew };
    } finally {
      closeSync(fd);
    }
  }

  #isAnother(fd: number, { inode, size, modified }: Stamp): boolean {
    const before = this.#stamp;
    if (before === undefined || this.#offset === 0) return false;
    if (inode !== before.inode || size < this.#offset) return true;
    if (modified === before.modified) return false;
    if (size === this.#offset) return true;
    const remembered = this.#remembered;
    return !bytesOf(fd, this.#offset - remembered.length, remembered.length).equals(remembered);
  }

  #forget(): void {
    this.#offset = 0;
    this.#number = 1;
    this.#start = 0;
    this.#pieces = [];
  }

  #take(bytes: Buffer, size: number): TailLine[] {
    const lines: TailLine[] = [];
    let at = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, at)) {
      lines.push(this.#line(bytes.subarray(at, end), { end: this.#offset + end, open: false }));
      at = end + 1;
      this.#start = this.#offset + at;
      this.#number++;
      this.#pieces = [];
    }
    this.#offset += bytes.length;
    this.#remembered = Buffer.from(bytes.subarray(-REMEMBERED));
    const rest = bytes.subarray(at);
    if (rest.length > 0 && this.#offset === size) lines.push(this.#line(rest, { end: this.#offset, open: true }));
    // Nothing is kept of a line that is too long. A copy, since the rest would hold on to all of the bytes.
    if (this.#offset - this.#start > MOST_LINE) this.#pieces = [];
    else if (rest.length > 0) this.#pieces.push(Buffer.from(rest));
    return lines;
  }

  #line(last: Buffer, { end, open }: { end: number; open: boolean }): TailLine {
    const bytes = end - this.#start > MOST_LINE ? undefined : Buffer.concat([...this.#pieces, last]);
    return { number: this.#number, start: this.#start, bytes, open };
  }
}

function bytesOf(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(fd, bytes, read, length - read, from + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
