/**
 * All groups of a run in memory, without their texts: any order and any filter of them then takes milliseconds. Brought
 * up to date by revision, so that neither new groups nor replaced ones are missed.
 */
import type { GroupKey } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";

/** What the index needs of the store. */
export interface GroupSource {
  since(revision: number, most?: number): StoredGroup[];
  revisionsOfStep(step: number): Set<number>;
}

export interface GroupChanges {
  added: StoredGroup[];
  replaced: { before: StoredGroup; after: StoredGroup }[];
  removed: StoredGroup[];
}

const phases = { train: 0, probe: 1, evaluation: 2 } as const;

/** A number for each part of a run that is written as one; a text in its place would take longer to make than to look up. */
const partOf = ({ step, phase }: GroupKey): number => step * 3 + phases[phase];

export class GroupIndex {
  /** By part, then by group. A replay of a step may have fewer groups than its twin. */
  readonly #parts = new Map<number, Map<number, StoredGroup>>();
  /** Tools that were called anywhere, with the number of groups. */
  readonly #tools = new Map<string, number>();
  #revision = 0;
  #size = 0;
  #rollouts = 0;

  get size(): number {
    return this.#size;
  }

  /** Of the group that was written last. */
  get revision(): number {
    return this.#revision;
  }

  get rollouts(): number {
    return this.#rollouts;
  }

  get tools(): Iterable<string> {
    return this.#tools.keys();
  }

  get(key: GroupKey): StoredGroup | undefined {
    return this.#parts.get(partOf(key))?.get(key.group);
  }

  /** In the order in which parts were first written, so that their places rise but for replays and probes. */
  *values(): Iterable<StoredGroup> {
    for (const part of this.#parts.values()) yield* part.values();
  }

  /**
   * Reads what was written since the last time.
   *
   * @param most groups after which the others are left for another time
   */
  update(source: GroupSource, most?: number): GroupChanges {
    const changes: GroupChanges = { added: [], replaced: [], removed: [] };
    const written = source.since(this.#revision, most);
    const replayed = new Set<number>();
    for (const group of written) {
      const before = this.get(group);
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
    for (const one of this.#parts.get(partOf(group))?.values() ?? []) return one.revision < first.revision;
    return false;
  }

  #dropLost(step: number, present: ReadonlySet<number>): StoredGroup[] {
    const part = this.#parts.get(partOf({ step, phase: "train", group: 0 }));
    const lost = [...(part?.values() ?? [])].filter(({ revision }) => !present.has(revision));
    for (const group of lost) this.#forget(group);
    return lost;
  }

  #put(group: StoredGroup): void {
    const number = partOf(group);
    let part = this.#parts.get(number);
    if (!part) {
      part = new Map();
      this.#parts.set(number, part);
    }
    part.set(group.group, group);
    this.#size++;
    this.#rollouts += group.marks.length;
    for (const tool of group.tools) this.#tools.set(tool, (this.#tools.get(tool) ?? 0) + 1);
  }

  #forget(group: StoredGroup): void {
    this.#parts.get(partOf(group))?.delete(group.group);
    this.#size--;
    this.#rollouts -= group.marks.length;
    for (const tool of group.tools) {
      const left = (this.#tools.get(tool) ?? 0) - 1;
      if (left > 0) this.#tools.set(tool, left);
      else this.#tools.delete(tool);
    }
  }
}
