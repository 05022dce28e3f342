/** Which groups hold a text: the only question about a list that has to read prompts and completions, in slices between which others are answered. */
import type { ListQuery, SearchState } from "../../../schemas/rolloutView.ts";
import type { GroupPosition, StoredGroup } from "../../../server/store/groupReader.ts";
import type { TextReader } from "../../../server/store/textReader.ts";

/** Prompts between two looks at the clock. */
const BETWEEN_LOOKS = 32;

/** Completions are handed to SQLite so many at once that it is back in about this time, milliseconds. */
const LONG = 8;
const MOST_AT_ONCE = 1024;

export type SearchQuery = Pick<ListQuery, "text" | "within">;

export class TextSearch {
  readonly query: SearchQuery;
  /** As they are in the store now; what was replaced is forgotten. */
  readonly found = new Set<StoredGroup>();
  readonly #reader: TextReader;
  readonly #groupAt: (at: GroupPosition) => StoredGroup | undefined;
  readonly #needle: string;
  readonly #hashes: string[] = [];
  /** Rows that are still to be read, from the last written one down. */
  #left = { prompts: 0, completions: 0 };
  #of = 0;
  #atOnce = 64;
  #stopped = false;

  /** @param groupAt the group as it is now; undefined where it is not known yet */
  constructor(
    reader: TextReader,
    { text, within }: SearchQuery,
    groupAt: (at: GroupPosition) => StoredGroup | undefined,
  ) {
    this.query = { text, within };
    this.#reader = reader;
    this.#groupAt = groupAt;
    this.#needle = text.toLowerCase();
    if (within !== "completion") this.#left.prompts = reader.lastRow("prompts");
    if (within !== "prompt") this.#left.completions = reader.lastRow("rollouts");
    this.#of = this.#left.prompts + this.#left.completions;
  }

  answers({ text, within }: SearchQuery): boolean {
    return text === this.query.text && within === this.query.within;
  }

  get state(): SearchState {
    const { prompts, completions } = this.#left;
    const read = this.#of - prompts - completions;
    return { read, of: this.#of, going: read === this.#of ? "ended" : this.#stopped ? "stopped" : "on" };
  }

  get going(): boolean {
    return this.state.going === "on";
  }

  setStopped(stopped: boolean): void {
    this.#stopped = stopped;
  }

  /** Reads until the moment, prompts first. @returns groups that were not found before */
  advance(until: number): StoredGroup[] {
    const fresh: StoredGroup[] = [];
    if (this.#left.prompts > 0) this.#readPrompts(until, fresh);
    if (this.#left.prompts === 0 && performance.now() < until) this.#readCompletions(until, fresh);
    return fresh;
  }

  #readPrompts(until: number, fresh: StoredGroup[]): void {
    this.#left.prompts = readSome(this.#reader.prompts(this.#left.prompts), until, ({ hash, text }) => {
      if (this.#holds(text)) this.#hashes.push(hash);
    });
    if (this.#left.prompts === 0) for (const at of this.#reader.groupsWith(this.#hashes)) this.#find(at, fresh);
  }

  #readCompletions(until: number, fresh: StoredGroup[]): void {
    for (let now = performance.now(); this.#left.completions > 0 && now < until; ) {
      const last = this.#left.completions;
      const first = Math.max(1, last - this.#atOnce + 1);
      for (const candidate of this.#reader.candidates(this.#needle, first, last)) {
        const { text } = candidate;
        const group = this.#groupAt(candidate);
        if (group && !this.found.has(group) && (text === null || this.#holds(text))) this.#find(candidate, fresh);
      }
      this.#left.completions = first - 1;
      const before = now;
      now = performance.now();
      this.#pace(now - before);
    }
  }

  /** Texts may be of a hundred characters or of a million. */
  #pace(took: number): void {
    if (took > LONG) this.#atOnce = Math.max(1, this.#atOnce >> 1);
    else if (took < LONG / 4) this.#atOnce = Math.min(MOST_AT_ONCE, this.#atOnce << 1);
  }

  #find(at: GroupPosition, fresh: StoredGroup[]): void {
    const group = this.#groupAt(at);
    if (!group || this.found.has(group)) return;
    this.found.add(group);
    fresh.push(group);
  }

  /** Looks at one group that was written since the search began. */
  look(group: StoredGroup): void {
    const { within } = this.query;
    const holds = (kind: "prompt" | "completion"): boolean => {
      for (const text of this.#reader.textsOf(group, kind)) if (this.#holds(text)) return true;
      return false;
    };
    if ((within !== "prompt" && holds("completion")) || (within !== "completion" && holds("prompt")))
      this.found.add(group);
  }

  forget(group: StoredGroup): void {
    this.found.delete(group);
  }

  #holds(text: string): boolean {
    return text.toLowerCase().includes(this.#needle);
  }
}

/** @returns the number of the row before the last one that was read; 0 where all of them were */
function readSome<Row extends { row: number }>(rows: Iterable<Row>, until: number, take: (row: Row) => void): number {
  let read = 0;
  for (const row of rows) {
    take(row);
    if (++read % BETWEEN_LOOKS === 0 && performance.now() > until) return row.row - 1;
  }
  return 0;
}
