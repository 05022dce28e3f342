/** The groups of one query in their order, and what a change in the store does to it. */

import { keyOf } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { GroupChanges } from "./groupIndex.ts";
import type { Order } from "./ordering.ts";

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
    this.groups = [...groups].sort(order);
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
      if (this.#order(this.groups[middle] as StoredGroup, group) < 0) low = middle + 1;
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
    for (const { before, after } of changes.replaced) {
      if (this.#follow) {
        this.#remove(before, splices);
        if (wanted(after)) this.#insert(after, splices);
      } else {
        const at = this.groups.indexOf(before);
        if (at !== -1) this.#splice({ at, removed: 1, groups: [after] }, splices);
        else if (!wanted(after)) this.#waiting.delete(keyOf(after));
        else this.#waiting.add(keyOf(after));
      }
    }
    for (const group of changes.added) {
      if (!wanted(group)) continue;
      if (this.#follow) this.#insert(group, splices);
      else this.#waiting.add(keyOf(group));
    }
    return splices;
  }

  #remove(group: StoredGroup, splices: ListSplice[]): void {
    const at = this.groups.indexOf(group);
    if (at !== -1) this.#splice({ at, removed: 1, groups: [] }, splices);
  }

  #insert(group: StoredGroup, splices: ListSplice[]): void {
    this.#splice({ at: this.placeOf(group), removed: 0, groups: [group] }, splices);
  }

  #splice(splice: ListSplice, splices: ListSplice[]): void {
    this.groups.splice(splice.at, splice.removed, ...splice.groups);
    const last = splices.at(-1);
    // Groups that come one above the other, as the newest do, make one splice.
    const joins = last && last.removed === 0 && splice.removed === 0;
    if (joins && splice.at >= last.at && splice.at <= last.at + last.groups.length) {
      last.groups.splice(splice.at - last.at, 0, ...splice.groups);
    } else splices.push(splice);
  }
}
