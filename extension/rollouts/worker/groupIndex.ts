/**
 * All groups of a run in memory, without their texts: any order and any filter of them then takes milliseconds. Brought
 * up to date by revision, so that neither new groups nor replaced ones are missed.
 */
import { type GroupKey, keyOf } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";

/** What the index needs of the store. */
export interface GroupSource {
  since(revision: number): StoredGroup[];
  revisionsOfStep(step: number): Set<number>;
}

export interface GroupChanges {
  added: StoredGroup[];
  replaced: { before: StoredGroup; after: StoredGroup }[];
  removed: StoredGroup[];
}

export class GroupIndex {
  readonly #groups = new Map<string, StoredGroup>();
  /** Training groups of each step: a replay may have fewer than its twin. */
  readonly #steps = new Map<number, Set<string>>();
  /** Tools that were called anywhere, with the number of groups. */
  readonly #tools = new Map<string, number>();
  #revision = 0;
  #rollouts = 0;

  get size(): number {
    return this.#groups.size;
  }

  get rollouts(): number {
    return this.#rollouts;
  }

  get tools(): Iterable<string> {
    return this.#tools.keys();
  }

  get(key: GroupKey): StoredGroup | undefined {
    return this.#groups.get(keyOf(key));
  }

  values(): Iterable<StoredGroup> {
    return this.#groups.values();
  }

  /** Reads what was written since the last time. */
  update(source: GroupSource): GroupChanges {
    const changes: GroupChanges = { added: [], replaced: [], removed: [] };
    const written = source.since(this.#revision);
    const replayed = new Set<number>();
    for (const group of written) {
      const before = this.#groups.get(keyOf(group));
      if (before) changes.replaced.push({ before, after: group });
      else changes.added.push(group);
      if (before) this.#forget(before);
      this.#put(group);
      if (group.phase === "train" && (before || this.#hasOlder(group, written[0] as StoredGroup)))
        replayed.add(group.step);
      this.#revision = group.revision;
    }
    for (const step of replayed) changes.removed.push(...this.#dropLost(step, source.revisionsOfStep(step)));
    return changes;
  }

  /** Whether the step has a group from before this update: then the step is written again. */
  #hasOlder(group: StoredGroup, first: StoredGroup): boolean {
    for (const key of this.#steps.get(group.step) ?? []) {
      return (this.#groups.get(key) as StoredGroup).revision < first.revision;
    }
    return false;
  }

  #dropLost(step: number, present: ReadonlySet<number>): StoredGroup[] {
    const lost = [...(this.#steps.get(step) ?? [])]
      .map((key) => this.#groups.get(key) as StoredGroup)
      .filter(({ revision }) => !present.has(revision));
    for (const group of lost) this.#forget(group);
    return lost;
  }

  #put(group: StoredGroup): void {
    const key = keyOf(group);
    this.#groups.set(key, group);
    this.#rollouts += group.marks.length;
    for (const tool of group.tools) this.#tools.set(tool, (this.#tools.get(tool) ?? 0) + 1);
    if (group.phase !== "train") return;
    const step = this.#steps.get(group.step);
    if (step) step.add(key);
    else this.#steps.set(group.step, new Set([key]));
  }

  #forget(group: StoredGroup): void {
    const key = keyOf(group);
    this.#groups.delete(key);
    this.#rollouts -= group.marks.length;
    for (const tool of group.tools) {
      const left = (this.#tools.get(tool) ?? 0) - 1;
      if (left > 0) this.#tools.set(tool, left);
      else this.#tools.delete(tool);
    }
    this.#steps.get(group.step)?.delete(key);
  }
}
