/** The rows of a list of any length, of which a view knows some stretches. Immutable; what it costs follows from what is known, not from the length. */
interface Stretch<Row> {
  readonly start: number;
  readonly rows: readonly Row[];
}

const endOf = ({ start, rows }: Stretch<unknown>): number => start + rows.length;

export class KnownRows<Row> {
  readonly length: number;
  /** In order; no two of them overlap or touch. */
  readonly #stretches: readonly Stretch<Row>[];

  private constructor(length: number, stretches: Iterable<Stretch<Row>>) {
    this.length = length;
    this.#stretches = joined(stretches);
  }

  /** As many as the list is long, none of them known. */
  static unknown<Row>(length: number): KnownRows<Row> {
    return new KnownRows<Row>(length, []);
  }

  at(index: number): Row | undefined {
    for (const stretch of this.#stretches) {
      if (index < stretch.start) return undefined;
      if (index < endOf(stretch)) return stretch.rows[index - stretch.start];
    }
    return undefined;
  }

  /** Index of the first known row that is wanted, or -1. */
  findIndex(wanted: (row: Row) => boolean): number {
    for (const { start, rows } of this.#stretches) {
      const at = rows.findIndex(wanted);
      if (at !== -1) return start + at;
    }
    return -1;
  }

  find(wanted: (row: Row) => boolean): Row | undefined {
    const index = this.findIndex(wanted);
    return index === -1 ? undefined : this.at(index);
  }

  /** The known ones, in their order. */
  *[Symbol.iterator](): Iterator<Row> {
    for (const { rows } of this.#stretches) yield* rows;
  }

  /** Puts these in the places from `start` on, whatever was known of them. */
  with(start: number, rows: readonly Row[]): KnownRows<Row> {
    return this.splice(start, rows.length, rows, 0);
  }

  /** Removes places and puts others there: known ones, and behind them `more` that are not known. */
  splice(at: number, removed: number, rows: readonly Row[], more: number): KnownRows<Row> {
    const shift = rows.length + more - removed;
    const below = this.#between(at + removed, this.length).map((one) => ({ ...one, start: one.start + shift }));
    return new KnownRows(this.length + shift, [...this.#between(0, at), { start: at, rows }, ...below]);
  }

  /** Forgets all rows but those from `first` to before `end`. */
  only(first: number, end: number): KnownRows<Row> {
    return new KnownRows(this.length, this.#between(first, end));
  }

  #between(first: number, end: number): Stretch<Row>[] {
    return this.#stretches.map(({ start, rows }) => ({
      start: Math.max(start, first),
      rows:
        first <= start && end >= start + rows.length
          ? rows
          : rows.slice(Math.max(0, first - start), Math.max(0, end - start)),
    }));
  }
}

function joined<Row>(stretches: Iterable<Stretch<Row>>): Stretch<Row>[] {
  const all: Stretch<Row>[] = [];
  for (const stretch of stretches) {
    if (stretch.rows.length === 0) continue;
    const last = all.at(-1);
    if (last && endOf(last) === stretch.start)
      all[all.length - 1] = { start: last.start, rows: [...last.rows, ...stretch.rows] };
    else all.push(stretch);
  }
  return all;
}
