/** What filters of a list ask of a whole run, beside what stands in its groups. */
import type { DrawRecord } from "./curriculumRows.ts";
import { type GroupPosition, toPosition } from "./groupReader.ts";
import { StoreReader } from "./storeReader.ts";
import { PARTS_SINCE, ROUNDS_SINCE } from "./tables.ts";

/** A group with completions that have what was asked for; they are left out where nobody asked for them. */
export interface FoundGroup extends GroupPosition {
  rollouts: readonly number[];
}

/** A part of the reward, below a value or from it on. */
export interface PartCondition {
  name: string;
  side: "below" | "atLeast";
  value: number;
}

const PART = { below: "<", atLeast: ">=" } as const;
/** The one of a group's values that tells whether some completion has such a part. */
const EXTREME = { below: "low", atLeast: "high" } as const;

const has = ({ side, value }: PartCondition, part: number): boolean =>
  side === "below" ? part < value : part >= value;

export class ListReader extends StoreReader {
  /** Whether the parts of each group are kept; otherwise all rollouts have to be read. */
  get hasParts(): boolean {
    return this.version >= PARTS_SINCE;
  }

  /** Groups of training that were put in one of these ways. */
  drawn(versions: readonly DrawRecord["version"][]): GroupPosition[] {
    if (this.version < ROUNDS_SINCE) return [];
    const sql = "SELECT step, 'train', group_index FROM draws WHERE version IN (SELECT value FROM json_each(?))";
    return this.arrays(sql, JSON.stringify(versions)).map(toPosition);
  }

  /** Number of the last row of the rollouts; 0 where there is none. */
  lastRow(): number {
    return (this.arrays("SELECT max(rowid) FROM rollouts")[0]?.[0] as number | null) ?? 0;
  }

  /**
   * Groups with a completion that has such a part, where parts are kept.
   *
   * @param each whether each completion is wanted too, which takes twice as long
   */
  groupsWithPart(part: PartCondition, each: boolean): FoundGroup[] {
    const { name, side, value } = part;
    const sql = `SELECT step, phase, group_index${each ? ", by_rollout" : ""} FROM group_parts
      WHERE name = ? AND ${EXTREME[side]} ${PART[side]} ?`;
    // Most parts are 0 or 1, so that the same texts come again and again.
    const known = new Map<string, readonly number[]>();
    const rolloutsIn = (byRollout: string): readonly number[] => {
      const rollouts = known.get(byRollout) ?? rolloutsWith(part, byRollout);
      known.set(byRollout, rollouts);
      return rollouts;
    };
    return this.arrays(sql, name, value).map((row) => ({
      ...toPosition(row),
      rollouts: each ? rolloutsIn(row[3] as string) : [],
    }));
  }

  /** The same from the rollouts themselves, of the rows from `first` to `last`: a group may come more than once. */
  withPart({ name, side, value }: PartCondition, first: number, last: number): FoundGroup[] {
    const sql = `SELECT step, phase, group_index, rollout FROM rollouts
      WHERE rowid BETWEEN ? AND ? AND json_extract(parts, ?) ${PART[side]} ?`;
    return this.arrays(sql, first, last, pathOf(name), value).map((row) => ({
      ...toPosition(row),
      rollouts: [row[3] as number],
    }));
  }

  /** Those of one group. */
  withPartIn({ step, phase, group }: GroupPosition, { name, side, value }: PartCondition): number[] {
    const sql = `SELECT rollout FROM rollouts
      WHERE step = ? AND phase = ? AND group_index = ? AND json_extract(parts, ?) ${PART[side]} ?`;
    return this.arrays(sql, step, phase, group, pathOf(name), value).map(([rollout]) => rollout as number);
  }
}

function rolloutsWith(part: PartCondition, byRollout: string): number[] {
  const parts = Object.entries(JSON.parse(byRollout) as Record<string, number>);
  return parts.flatMap(([rollout, value]) => (has(part, value) ? [Number(rollout)] : []));
}

/** A member of an object in SQLite's paths, which know no escape: a name with a quote in it is not found. */
const pathOf = (name: string): string => `$."${name}"`;
