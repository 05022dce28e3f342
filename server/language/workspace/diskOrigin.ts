/** A record of a file on disk, read again in the rare case that someone asks for a place in it. */
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Origin, TextRange } from "../analysis/scope.ts";
import type { TextPosition } from "../records/lines.ts";
import { locatorOf } from "../records/locate.ts";
import { rangeOf } from "../records/recordDocument.ts";
import type { FileRecord } from "./files.ts";

export class DiskOrigin implements Origin {
  readonly file: string;
  readonly start: TextPosition;
  readonly #text: () => string;
  #places: Map<Ref, TextRange> | undefined;

  constructor(file: string, start: TextPosition, text: () => string) {
    this.file = file;
    this.start = start;
    this.#text = text;
  }

  static of(file: string, { start, reread }: Pick<FileRecord, "start" | "reread">): DiskOrigin {
    return new DiskOrigin(file, start, reread);
  }

  /** Nothing where the file is gone meanwhile: whoever shows a finding then shows it at the record's beginning. */
  text(): string {
    try {
      return this.#text();
    } catch {
      return "";
    }
  }

  /** Places are kept, since findings are shown again and again. */
  locate(ref: Ref): TextRange {
    let range = this.#places?.get(ref);
    if (range === undefined) {
      const text = this.text();
      range = rangeOf(this.start, text, locatorOf(this, () => text).locate(ref));
      this.#places ??= new Map();
      this.#places.set(ref, range);
    }
    return range;
  }
}
