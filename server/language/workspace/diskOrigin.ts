/** A record of a file on disk, read again in the rare case that someone asks for a place in it. */
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Origin, TextRange } from "../analysis/scope.ts";
import type { TextPosition } from "../records/lines.ts";
import { Locator } from "../records/locate.ts";
import { advance } from "../records/recordDocument.ts";
import type { FileRecord } from "./files.ts";

export class DiskOrigin implements Origin {
  readonly file: string;
  readonly start: TextPosition;
  readonly #text: () => string;

  constructor(file: string, start: TextPosition, text: () => string) {
    this.file = file;
    this.start = start;
    this.#text = text;
  }

  static of(file: string, { start, reread }: Pick<FileRecord, "start" | "reread">): DiskOrigin {
    return new DiskOrigin(file, start, reread);
  }

  text(): string {
    return this.#text();
  }

  locate(ref: Ref): TextRange {
    const text = this.#text();
    const { start, end } = new Locator(() => text).locate(ref);
    return { start: advance(this.start, text, start), end: advance(this.start, text, end) };
  }
}
