/** Which training rows the policy cannot solve (ToolExpander §3.2): hard is a row none of whose probe rollouts is correct. */

/** A row and which of its rollouts are correct. */
interface Attempts {
  row: { sample: { id: string } };
  rollouts: readonly { correct: boolean }[];
}

/** The rows still hard in the course of a run: a row leaves with its first correct rollout and does not come back by itself. */
export class HardRows {
  readonly #ids: Set<string>;

  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids);
  }

  get count(): number {
    return this.#ids.size;
  }

  /** Ids, sorted, so that equal states are written alike. */
  get ids(): string[] {
    return [...this.#ids].sort();
  }

  /** Takes out the rows that now have a correct rollout and returns their ids. */
  solve(results: readonly Attempts[]): string[] {
    return results
      .filter(({ row, rollouts }) => this.#ids.has(row.sample.id) && rollouts.some(({ correct }) => correct))
      .map(({ row }) => row.sample.id)
      .filter((id) => this.#ids.delete(id));
  }
}

/** Ids of the rows without a correct rollout. */
export function hardAmong(results: readonly Attempts[]): string[] {
  return results.filter(({ rollouts }) => !rollouts.some(({ correct }) => correct)).map(({ row }) => row.sample.id);
}
