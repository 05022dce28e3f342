/** A list of groups as a list of their completions: each group gives one row for each completion that is wanted. */
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { spliceInto } from "./spliceInto.ts";

export interface RolloutRow<Group> {
  group: Group;
  /** Undefined where the row is the group as a whole. */
  rollout: number | undefined;
}

export interface RowSplice<Group> {
  at: number;
  removed: number;
  rows: RolloutRow<Group>[];
}

/** Splices of a list of groups, applied one after the other. */
export interface GroupSplice<Group> {
  at: number;
  removed: number;
  groups: Group[];
}

export class RolloutRows<Group extends StoredGroup> {
  readonly #rolloutsOf: (group: Group) => readonly number[];
  readonly #groups: Group[];
  /** Completions of each group that are wanted. */
  readonly #rollouts: (readonly number[])[];
  /** Rows in front of each group, and at last all of them; made anew where groups have changed. */
  #starts: number[] | undefined;

  constructor(groups: readonly Group[], rolloutsOf: (group: Group) => readonly number[]) {
    this.#rolloutsOf = rolloutsOf;
    this.#groups = [...groups];
    this.#rollouts = groups.map(rolloutsOf);
  }

  get total(): number {
    return this.#startOf(this.#groups.length);
  }

  /**
   * Where a completion stands, or the first wanted one behind it in its group.
   *
   * @param place of its group
   */
  placeOf(place: number, rollout = 0): number {
    const before = (this.#rollouts[place] ?? []).filter((one) => one < rollout).length;
    return this.#startOf(place) + before;
  }

  rows(start: number, count: number): RolloutRow<Group>[] {
    const rows: RolloutRow<Group>[] = [];
    let place = this.#groupAt(start);
    let skipped = start - this.#startOf(place);
    for (; place < this.#groups.length && rows.length < count; place++, skipped = 0) {
      const group = this.#groups[place] as Group;
      const rollouts = (this.#rollouts[place] as readonly number[]).slice(skipped, skipped + count - rows.length);
      rows.push(...rollouts.map((rollout) => ({ group, rollout })));
    }
    return rows;
  }

  /** Does to the rows what was done to the groups. */
  apply(splices: readonly GroupSplice<Group>[]): RowSplice<Group>[] {
    return splices.map(({ at, removed, groups }) => {
      const start = this.#startOf(at);
      const end = this.#startOf(at + removed);
      const rollouts = groups.map(this.#rolloutsOf);
      spliceInto(this.#groups, at, removed, groups);
      spliceInto(this.#rollouts, at, removed, rollouts);
      this.#starts = undefined;
      const rows = groups.flatMap((group, index) =>
        (rollouts[index] as readonly number[]).map((rollout) => ({ group, rollout })),
      );
      return { at: start, removed: end - start, rows };
    });
  }

  #startOf(place: number): number {
    if (!this.#starts) {
      const starts = [0];
      let rows = 0;
      for (const rollouts of this.#rollouts) {
        rows += rollouts.length;
        starts.push(rows);
      }
      this.#starts = starts;
    }
    return this.#starts[place] ?? 0;
  }

  /** The group that a row is of. */
  #groupAt(row: number): number {
    let low = 0;
    let high = this.#groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#startOf(middle + 1) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
