/** The list that a view has open, as the rows that it shows, and how far the view has heard of what changed in it. */
import type { GroupKey, GroupRow, ListQuery, Splice } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { GroupList, type ListSplice } from "./groupList.ts";
import type { ListFilter } from "./listFilter.ts";
import { orderOf } from "./ordering.ts";
import { RolloutRows, type RowSplice } from "./rolloutRows.ts";

/** A delta tells rows of the first places of a list that follows, where the view is; the others the view asks for. */
const TOLD_PLACES = 100;

/** What a list is made of. */
interface ListParts {
  number: number;
  query: ListQuery;
  follow: boolean;
  filter: ListFilter;
  wanted(group: StoredGroup): boolean;
  /** Of the whole run. */
  groups: Iterable<StoredGroup>;
  /** @param rollout of the completion that the row is; undefined for the group as a whole */
  row(group: StoredGroup, rollout?: number): GroupRow;
}

export class OpenedList {
  readonly number: number;
  readonly query: ListQuery;
  readonly follow: boolean;
  readonly filter: ListFilter;
  readonly groups: GroupList;
  readonly wanted: (group: StoredGroup) => boolean;
  /** Of the last delta, and of the last that the view has drawn. */
  sequence = 0;
  acknowledged = 0;
  /** The view is behind and gets no more deltas of this list. */
  lapsed = false;
  readonly #row: ListParts["row"];
  /** Where rows are completions. */
  readonly #rollouts: RolloutRows<StoredGroup> | undefined;

  constructor({ number, query, follow, filter, wanted, groups, row }: ListParts) {
    this.number = number;
    this.query = query;
    this.follow = follow;
    this.filter = filter;
    this.wanted = wanted;
    this.groups = new GroupList([...groups].filter(wanted), orderOf(query.sort), follow);
    this.#row = row;
    if (query.rows === "rollouts")
      this.#rollouts = new RolloutRows(this.groups.groups, (group) => filter.rolloutsOf(group));
  }

  /** Of rows. */
  get total(): number {
    return this.#rollouts?.total ?? this.groups.groups.length;
  }

  /** Where a row stands, or would stand. */
  placeOf(group: StoredGroup, { rollout }: GroupKey): number {
    const place = this.groups.placeOf(group);
    return this.#rollouts?.placeOf(place, rollout) ?? place;
  }

  rows(start: number, count: number): GroupRow[] {
    if (this.#rollouts) return this.#rollouts.rows(start, count).map(({ group, rollout }) => this.#row(group, rollout));
    return this.groups.groups.slice(start, start + count).map((group) => this.#row(group));
  }

  /** What was done to the groups, as the view does it to its rows. */
  told(splices: readonly ListSplice[]): Splice[] {
    return this.#ofRows(splices).map(({ at, removed, rows }) => {
      // In a list that does not follow, what changes in place may stand anywhere on the screen.
      const places = this.follow ? Math.max(0, TOLD_PLACES - at) : removed;
      const told = rows.slice(0, places).map(({ group, rollout }) => this.#row(group, rollout));
      return { at, removed, rows: told, more: rows.length - told.length };
    });
  }

  #ofRows(splices: readonly ListSplice[]): RowSplice<StoredGroup>[] {
    if (this.#rollouts) return this.#rollouts.apply(splices);
    return splices.map(({ at, removed, groups }) => ({
      at,
      removed,
      rows: groups.map((group) => ({ group, rollout: undefined })),
    }));
  }
}
