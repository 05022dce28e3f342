/** What became of every record: how many are rows now, and why the others are not, with an example of each reason. */
import type { Dialect } from "../toolcalls/dialects/dialect.ts";

export interface Counted {
  /** One sentence, of the first record that it was said of. */
  sentence: string;
  count: number;
  /** The first one. */
  file: string;
  line: number;
}

export class ImportReport {
  readonly files: { file: string; dialect: string | undefined }[] = [];
  imported = 0;
  readonly #dropped = new Map<string, Counted>();
  readonly #notes = new Map<string, Counted>();

  file(file: string, dialect: Dialect | undefined): void {
    this.files.push({ file, dialect: dialect?.id });
  }

  /** @param kind reasons of one kind are counted together; the sentence itself where it says nothing of the record */
  drop(sentence: string, place: { file: string; line: number }, kind = sentence): void {
    count(this.#dropped, kind, sentence, place);
  }

  /** The record is a row now, and lost this on its way. */
  note(sentence: string, place: { file: string; line: number }): void {
    count(this.#notes, sentence, sentence, place);
  }

  /** Most frequent first. */
  get dropped(): Counted[] {
    return sorted(this.#dropped);
  }

  get notes(): Counted[] {
    return sorted(this.#notes);
  }
}

function count(
  into: Map<string, Counted>,
  kind: string,
  sentence: string,
  place: { file: string; line: number },
): void {
  const known = into.get(kind);
  if (known === undefined) into.set(kind, { sentence, count: 1, ...place });
  else known.count++;
}

const sorted = (counted: ReadonlyMap<string, Counted>): Counted[] =>
  [...counted.values()].sort((left, right) => right.count - left.count);
