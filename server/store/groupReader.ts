/** Reading groups of rollouts for a list of them. */
import type { RolloutPhase } from "../../schemas/run.ts";
import type { Values } from "./statements.ts";
import { StoreReader } from "./storeReader.ts";

/** As it lies in the table `groups`. */
export interface StoredGroup {
  step: number;
  phase: RolloutPhase;
  group: number;
  revision: number;
  sample: string;
  /** A letter for each rollout: c correct, w wrong, m malformed, t truncated and not correct. */
  marks: string;
  /** Mean. */
  reward: number;
  /** Null where nothing is learnt from the group. */
  advantage: [low: number, high: number] | null;
  /** Names of the tools that were called. */
  tools: readonly string[];
}

export type GroupPosition = Pick<StoredGroup, "step" | "phase" | "group">;

/** The prompt's hash is left out: it is longer than all the rest, and no list shows it. */
export const groupColumns =
  "step, phase, group_index, revision, sample, marks, reward, advantage_low, advantage_high, tools";

/** Rows that are read at once. */
const slice = 8192;

/** Texts and lists that come again and again are kept once: a million rollouts have a few thousand of them. */
class Repeated {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  list(json: string): readonly string[] {
    let known = this.#lists.get(json);
    if (!known) {
      known = JSON.parse(json) as string[];
      this.#lists.set(json, known);
    }
    return known;
  }
}

/** @param row the group columns */
export function toGroup(row: Values, repeated = new Repeated()): StoredGroup {
  const [step, phase, group, revision, sample, marks, reward, low, high, tools] = row;
  return {
    step: step as number,
    phase: repeated.text(phase as string) as RolloutPhase,
    group: group as number,
    revision: revision as number,
    sample: repeated.text(sample as string),
    marks: repeated.text(marks as string),
    reward: reward as number,
    advantage: low === null || high === null ? null : [low as number, high as number],
    tools: repeated.list(tools as string),
  };
}

/** @param row begins with step, phase and group_index */
export const toPosition = ([step, phase, group]: Values): GroupPosition => ({
  step: step as number,
  phase: phase as RolloutPhase,
  group: group as number,
});

export class GroupReader extends StoreReader {
  readonly #repeated = new Repeated();

  /**
   * Groups that were written, or written again, after the one with this revision; in the order of writing.
   *
   * @param most the others are left for another time
   */
  since(revision: number, most: number = Number.POSITIVE_INFINITY): StoredGroup[] {
    const sql = `SELECT ${groupColumns} FROM groups WHERE revision > ? ORDER BY revision LIMIT ?`;
    const groups: StoredGroup[] = [];
    for (let last = revision, full = true; full && groups.length < most; ) {
      const wanted = Math.min(slice, most - groups.length);
      const rows = this.arrays(sql, last, wanted);
      for (const row of rows) groups.push(toGroup(row, this.#repeated));
      last = groups.at(-1)?.revision ?? last;
      full = rows.length === wanted;
    }
    return groups;
  }

  /** Those that the newest steps end with, the last first: evaluations, probes and training of a step in this order. */
  newest(count: number): StoredGroup[] {
    const sql = `SELECT ${groupColumns} FROM groups ORDER BY step DESC, phase, group_index DESC LIMIT ?`;
    return this.arrays(sql, count).map((row) => toGroup(row, this.#repeated));
  }

  /** How many there are, and how many rollouts in them. */
  sizes(): { groups: number; rollouts: number } {
    const [row] = this.all("SELECT count(*) AS groups, coalesce(sum(length(marks)), 0) AS rollouts FROM groups");
    return { groups: row?.groups as number, rollouts: row?.rollouts as number };
  }

  /** Revisions of the training groups of a step. */
  revisionsOfStep(step: number): Set<number> {
    const rows = this.all("SELECT revision FROM groups WHERE step = ? AND phase = 'train'", step);
    return new Set(rows.map(({ revision }) => revision as number));
  }

  /** The revision of the group that was written last; 0 where there is none. */
  lastRevision(): number {
    return (this.all("SELECT max(revision) AS last FROM groups")[0]?.last as number | null) ?? 0;
  }

  /** The first step of training with a group that was written, or written again, after the one with this revision. */
  firstStepSince(revision: number): number | undefined {
    const sql = "SELECT min(step) AS first FROM groups WHERE revision > ? AND phase = 'train'";
    return (this.all(sql, revision)[0]?.first as number | null) ?? undefined;
  }

  /** How many groups of training and probes had no correct completion, by sample; one that was always solved is left out. */
  hardSamples(): Map<string, number> {
    const rows = this.all(
      "SELECT sample, count(*) AS times FROM groups WHERE phase <> 'evaluation' AND instr(marks, 'c') = 0 GROUP BY sample",
    );
    return new Map(rows.map(({ sample, times }) => [sample as string, times as number]));
  }

  /** What came of each sample that was asked in a phase at a step: its marks by its id, in the order of the groups. */
  marksAt(step: number, phase: RolloutPhase): Map<string, string> {
    const rows = this.all(
      "SELECT sample, marks FROM groups WHERE step = ? AND phase = ? ORDER BY group_index",
      step,
      phase,
    );
    return new Map(rows.map(({ sample, marks }) => [sample as string, marks as string]));
  }
}
