/** Records of files on disk, in batches, so that a file of any size passes through a bounded memory. */
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { splitLines, type TextPosition, withoutEnd } from "../records/lines.ts";
import { placedRecords } from "../records/recordDocument.ts";
import { type ItemSpan, isLines, splitText } from "../records/split.ts";
import { ItemScanner, type ScannedItem } from "./itemScanner.ts";

export interface FileRecord {
  /** Cut off behind the limit. */
  text: string;
  start: TextPosition;
  /** Records before it. */
  index: number;
  /** The text once more, for whoever does not want to hold it meanwhile. */
  reread(): string;
  /** Why what begins here is no record. */
  fault?: string;
}

/** Bytes of one read, and enough of a file to tell its layout. */
const CHUNK = 1 << 20;

/**
 * Records of a file, as many at a time as one read brings. A record longer than `longest` is cut behind one unit more.
 *
 * @param passed told of every read how many bytes it brought
 */
export async function* readRecords(
  file: string,
  longest: number,
  passed: (bytes: number) => void = () => {},
): AsyncGenerator<FileRecord[]> {
  const { size } = statSync(file);
  const short = size <= CHUNK;
  // Of a short file, the way through other threads takes longer than the reading.
  const bytes = short ? readFileSync(file) : await readHead(file);
  const head = withoutMark(bytes.toString("utf8"));
  if (isLines(file, head)) yield* short ? linesOf(file, bytes, longest, passed) : readLines(file, longest, passed);
  // What is larger can be no record that is read, whatever its characters are.
  else if (size <= Math.max(READ_WHOLE, 4 * longest)) {
    const text = short ? head : withoutMark(await readFile(file, "utf8"));
    const split = splitText(file, text);
    // The first of the lines may be longer than the head.
    if (split.layout === "lines") yield* readLines(file, longest, passed);
    else {
      passed(size);
      yield documentRecords(text, split.spans);
    }
  } else if (head.trimStart().startsWith("[")) yield* readItems(file, longest, passed);
  else yield [cutRecord(file, longest)];
}

/** Files up to this size are read at once, bytes. */
const READ_WHOLE = 16 * 1024 * 1024;

async function readHead(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, 0);
  return buffer.subarray(0, bytesRead);
}

const withoutMark = (text: string): string => (text.startsWith("\uFEFF") ? text.slice(1) : text);

function documentRecords(text: string, spans: readonly ItemSpan[]): FileRecord[] {
  return Array.from(placedRecords(text, spans), (record, index) => ({ ...record, index, reread: () => record.text }));
}

/** The items of a long array one by one; what is wrong between them is a record of its own. */
async function* readItems(
  file: string,
  longest: number,
  passed: (bytes: number) => void,
): AsyncGenerator<FileRecord[]> {
  await using handle = await open(file);
  const scanner = new ItemScanner();
  let index = 0;
  const record = ({ start, end, position }: ScannedItem): FileRecord => {
    const reread = (): string => readText(file, start, end, longest);
    return { text: reread(), start: position, index: index++, reread };
  };
  while (scanner.fault === undefined) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) break;
    passed(bytesRead);
    const items = scanner.scan(buffer.subarray(0, bytesRead));
    if (items.length > 0) yield items.map(record);
  }
  const fault = scanner.end();
  if (fault === undefined) return;
  if (index === 0) yield [cutRecord(file, longest)];
  else yield [{ text: "", start: fault.position, index, reread: () => "", fault: fault.sentence }];
}

/** The whole file as the record that it is, cut behind the limit. */
function cutRecord(file: string, longest: number): FileRecord {
  const reread = (): string => withoutMark(readText(file, 0, Number.POSITIVE_INFINITY, longest));
  return { text: reread(), start: { line: 0, character: 0 }, index: 0, reread };
}

/** Text of a range of bytes, cut behind the limit; four bytes hold any character, and the limit counts UTF-16 units. */
function readText(file: string, start: number, end: number, longest: number): string {
  const text = readBytes(file, start, Math.min(end - start, 4 * (longest + 1))).toString("utf8");
  return text.length > longest ? text.slice(0, longest + 1) : text;
}

/** The lines of a file that was read whole. */
function* linesOf(
  file: string,
  bytes: Buffer,
  longest: number,
  passed: (bytes: number) => void,
): Generator<FileRecord[]> {
  const reader = new LineBatches(file, longest);
  latest = undefined;
  passed(bytes.length);
  yield reader.add(bytes);
  yield reader.end();
}

/**
 * Whole lines only are decoded, so that every batch is a range of bytes that can be read again. Of a line that is longer than
 * anyone reads, only the beginning is kept.
 */
async function* readLines(
  file: string,
  longest: number,
  passed: (bytes: number) => void,
): AsyncGenerator<FileRecord[]> {
  await using handle = await open(file);
  const reader = new LineBatches(file, longest);
  latest = undefined;
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) break;
    passed(bytesRead);
    const records = reader.add(buffer.subarray(0, bytesRead));
    if (records.length > 0) yield records;
  }
  yield reader.end();
}

class LineBatches {
  readonly #file: string;
  readonly #longest: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes of the pending line that were not kept. */
  #dropped = 0;
  /** Where the pending bytes begin in the file. */
  #offset = 0;
  #line = 0;
  #index = 0;

  constructor(file: string, longest: number) {
    this.#file = file;
    this.#longest = longest;
  }

  add(chunk: Buffer): FileRecord[] {
    // A carriage return at the very end may be half of a line end.
    const end = Math.max(chunk.lastIndexOf(0x0a), chunk.lastIndexOf(0x0d, chunk.length - 2)) + 1;
    if (end === 0) {
      this.#keep(chunk);
      return [];
    }
    this.#keep(chunk.subarray(0, end));
    const records = this.#take(false);
    this.#keep(chunk.subarray(end));
    return records;
  }

  end(): FileRecord[] {
    return this.#take(true);
  }

  #keep(bytes: Buffer): void {
    // Four bytes hold any character, and the limit counts its UTF-16 units.
    const fits = this.#pendingBytes <= 4 * this.#longest + CHUNK || bytes.includes(0x0a);
    if (fits) this.#pending.push(bytes);
    else this.#dropped += bytes.length;
    this.#pendingBytes += bytes.length;
  }

  #take(last: boolean): FileRecord[] {
    const bytes = Buffer.concat(this.#pending);
    const offset = this.#offset;
    const text = decodeBatch(bytes, offset);
    const lines = splitLines(text);
    if (!last) lines.pop();
    const intact = this.#dropped === 0;
    this.#offset += this.#pendingBytes;
    [this.#pending, this.#pendingBytes, this.#dropped] = [[], 0, 0];
    return lines.flatMap((whole, position) => {
      const start = { line: this.#line++, character: 0 };
      const line = withoutEnd(whole);
      if (line.length < 4096 && line.trim() === "") return [];
      const cut = line.length > this.#longest ? line.slice(0, this.#longest + 1) : line;
      const reread = intact ? fromBatch(this.#file, offset, bytes.length, position) : held(cut);
      return [{ text: cut, start, index: this.#index++, reread }];
    });
  }
}

const decodeBatch = (bytes: Buffer, offset: number): string => {
  const text = bytes.toString("utf8");
  return offset === 0 ? withoutMark(text) : text;
};

// Functions of their own, so that what is read again does not hold the text after all.
const fromBatch = (file: string, offset: number, length: number, position: number) => (): string =>
  lineOfBatch(file, offset, length, position);
const held = (text: string) => (): string => text;

/** Findings about other records come in the order of the file, so the latest batch serves most of them. */
let latest: { key: string; bytes: Buffer } | undefined;

function lineOfBatch(file: string, offset: number, length: number, position: number): string {
  const key = `${offset}:${length}:${file}`;
  if (latest?.key !== key) latest = { key, bytes: readBytes(file, offset, length) };
  const { bytes } = latest;
  if (bytes.includes(0x0d)) return withoutEnd(splitLines(decodeBatch(bytes, offset))[position] ?? "");
  let start = 0;
  for (let line = 0; line < position; line++) start = bytes.indexOf(0x0a, start) + 1;
  const end = bytes.indexOf(0x0a, start);
  return decodeBatch(bytes.subarray(start, end === -1 ? bytes.length : end), offset + start);
}

function readBytes(file: string, offset: number, length: number): Buffer {
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
  } finally {
    closeSync(handle);
  }
}
