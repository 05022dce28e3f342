/** The groups of one query in their order, and what a change in the store does to it. */

import { keyOf } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { GroupChanges } from "./groupIndex.ts";
import type { Order } from "./ordering.ts";
import { spliceInto } from "./spliceInto.ts";

export interface ListSplice {
  at: number;
  removed: number;
  groups: StoredGroup[];
}

export class GroupList {
  readonly groups: StoredGroup[];
  readonly #order: Order;
  readonly #follow: boolean;
  readonly #waiting = new Set<string>();

  /**
   * @param groups those the query wants
   * @param follow new groups take their place at once; otherwise they wait, and replaced ones stay where they are
   */
  constructor(groups: Iterable<StoredGroup>, order: Order, follow: boolean) {
    this.groups = order.arrange([...groups]);
    this.#order = order;
    this.#follow = follow;
  }

  /** Groups that the query wants and that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Where the group stands, or would stand. */
  placeOf(group: StoredGroup): number {
    let low = 0;
    let high = this.groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order.compare(this.groups[middle] as StoredGroup, group) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @returns the splices to repeat on a copy, one after the other */
  apply(changes: GroupChanges, wanted: (group: StoredGroup) => boolean): ListSplice[] {
    const splices: ListSplice[] = [];
    for (const group of changes.removed) {
      this.#waiting.delete(keyOf(group));
      this.#remove(group, splices);
    }
    const fresh: StoredGroup[] = [];
    for (const { before, after } of changes.replaced) {
      if (this.#follow) {
        this.#remove(before, splices);
        if (wanted(after)) fresh.push(after);
      } else {
        const at = this.#indexOf(before);
        if (at !== -1) splices.push(this.#splice(at, 1, [after]));
        else if (!wanted(after)) this.#waiting.delete(keyOf(after));
        else this.#waiting.add(keyOf(after));
      }
    }
    for (const group of changes.added) {
      if (!wanted(group)) continue;
      if (this.#follow) fresh.push(group);
      else this.#waiting.add(keyOf(group));
    }
    splices.push(...this.#insert(fresh));
    return splices;
  }

  /**
   * Takes in groups that were there before, and were found only now. What comes behind all others moves nothing, so a list
   * that does not follow takes that in too.
   */
  found(groups: readonly StoredGroup[]): ListSplice[] {
    const behind = (group: StoredGroup) => {
      const last = this.groups.at(-1);
      return !last || this.#order.compare(last, group) < 0;
    };
    const fitting = this.#follow ? groups : groups.filter(behind);
    if (fitting.length < groups.length) {
      for (const group of groups) if (!behind(group)) this.#waiting.add(keyOf(group));
    }
    return this.#insert(fitting);
  }

  #remove(group: StoredGroup, splices: ListSplice[]): void {
    const at = this.#indexOf(group);
    if (at !== -1) splices.push(this.#splice(at, 1, []));
  }

  /** Where a list follows it is in order; otherwise replaced groups stand where their twins stood. */
  #indexOf(group: StoredGroup): number {
    const at = this.placeOf(group);
    if (this.groups[at] === group) return at;
    return this.#follow ? -1 : this.groups.indexOf(group);
  }

  /** Groups that come to stand together make one splice: one after the other each would move all that is below. */
  #insert(groups: readonly StoredGroup[]): ListSplice[] {
    const splices: ListSplice[] = [];
    const sorted = this.#order.arrange([...groups]);
    for (let from = 0; from < sorted.length; ) {
      const at = this.placeOf(sorted[from] as StoredGroup);
      const next = this.groups[at];
      let end = from + 1;
      while (end < sorted.length && (!next || this.#order.compare(sorted[end] as StoredGroup, next) < 0)) end++;
      splices.push(this.#splice(at, 0, sorted.slice(from, end)));
      from = end;
    }
    return splices;
  }

  #splice(at: number, removed: number, groups: StoredGroup[]): ListSplice {
    spliceInto(this.groups, at, removed, groups);
    return { at, removed, groups };
  }
}
