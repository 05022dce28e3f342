/**
 * Reading groups of rollouts for a list of them. Synchronous and read-only, with a connection of its own.
 */
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { RolloutPhase } from "../../schemas/run.ts";
import { openForReading, STORE_FILE } from "./database.ts";

/** As it lies in the table `groups`. */
export interface StoredGroup {
  step: number;
  phase: RolloutPhase;
  group: number;
  revision: number;
  sample: string;
  promptHash: string;
  /** A letter for each rollout: c correct, w wrong, m malformed, t truncated and not correct. */
  marks: string;
  /** Mean. */
  reward: number;
  /** Null where nothing is learnt from the group. */
  advantage: [low: number, high: number] | null;
  /** Names of the tools that were called. */
  tools: string[];
}

export type GroupPosition = Pick<StoredGroup, "step" | "phase" | "group">;

type Row = Record<string, SQLOutputValue>;

// The tables are STRICT, so a column has the type it was declared with.
function toGroup(row: Row): StoredGroup {
  const low = row.advantage_low as number | null;
  const high = row.advantage_high as number | null;
  return {
    step: row.step as number,
    phase: row.phase as RolloutPhase,
    group: row.group_index as number,
    revision: row.revision as number,
    sample: row.sample as string,
    promptHash: row.prompt as string,
    marks: row.marks as string,
    reward: row.reward as number,
    advantage: low === null || high === null ? null : [low, high],
    tools: JSON.parse(row.tools as string) as string[],
  };
}

export class GroupReader implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param patience milliseconds to wait for a lock that somebody else holds
   * @throws InputError where there is no store yet, or it is of another version, damaged or locked
   */
  constructor(runDir: string, patience?: number) {
    this.#database = openForReading(join(runDir, STORE_FILE), patience);
  }

  /** Changes whenever another connection has written. */
  dataVersion(): number {
    return this.#all("PRAGMA data_version")[0]?.data_version as number;
  }

  /** Groups that were written, or written again, after the one with this revision; in the order of writing. */
  since(revision: number): StoredGroup[] {
    return this.#all("SELECT * FROM groups WHERE revision > ? ORDER BY revision", revision).map(toGroup);
  }

  /** Revisions of the training groups of a step. */
  revisionsOfStep(step: number): Set<number> {
    const rows = this.#all("SELECT revision FROM groups WHERE step = ? AND phase = 'train'", step);
    return new Set(rows.map(({ revision }) => revision as number));
  }

  /** The revision of the group that was written last; 0 where there is none. */
  lastRevision(): number {
    return (this.#all("SELECT max(revision) AS last FROM groups")[0]?.last as number | null) ?? 0;
  }

  /** The first step of training with a group that was written, or written again, after the one with this revision. */
  firstStepSince(revision: number): number | undefined {
    const sql = "SELECT min(step) AS first FROM groups WHERE revision > ? AND phase = 'train'";
    return (this.#all(sql, revision)[0]?.first as number | null) ?? undefined;
  }

  /** How many groups of training and probes had no correct completion, by sample; one that was always solved is left out. */
  hardSamples(): Map<string, number> {
    const rows = this.#all(
      "SELECT sample, count(*) AS times FROM groups WHERE phase <> 'evaluation' AND instr(marks, 'c') = 0 GROUP BY sample",
    );
    return new Map(rows.map(({ sample, times }) => [sample as string, times as number]));
  }

  /** What came of each sample that was asked in a phase at a step: its marks by its id, in the order of the groups. */
  marksAt(step: number, phase: RolloutPhase): Map<string, string> {
    const rows = this.#all(
      "SELECT sample, marks FROM groups WHERE step = ? AND phase = ? ORDER BY group_index",
      step,
      phase,
    );
    return new Map(rows.map(({ sample, marks }) => [sample as string, marks as string]));
  }

  get(at: GroupPosition): StoredGroup | undefined {
    const sql = "SELECT * FROM groups WHERE step = ? AND phase = ? AND group_index = ?";
    return this.#all(sql, at.step, at.phase, at.group).map(toGroup)[0];
  }

  /** Number of the last row that was written, for matchingCompletions. */
  lastRow(): number {
    return (this.#all("SELECT max(rowid) AS last FROM rollouts")[0]?.last as number | null) ?? 0;
  }

  /** Groups with a completion that holds the text, among the rows from `first` to `last`; ASCII letters in any case. */
  matchingCompletions(text: string, first: number, last: number): GroupPosition[] {
    const rows = this.#all(
      `SELECT DISTINCT step, phase, group_index FROM rollouts
       WHERE rowid BETWEEN ? AND ? AND completion LIKE ? ESCAPE '\\'`,
      first,
      last,
      likePattern(text),
    );
    return rows.map((row) => ({
      step: row.step as number,
      phase: row.phase as RolloutPhase,
      group: row.group_index as number,
    }));
  }

  /** Whether one of the group's completions holds the text. */
  completionMatches(text: string, { step, phase, group }: GroupPosition): boolean {
    const sql = `SELECT 1 FROM rollouts WHERE step = ? AND phase = ? AND group_index = ?
      AND completion LIKE ? ESCAPE '\\' LIMIT 1`;
    return this.#all(sql, step, phase, group, likePattern(text)).length > 0;
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }
}

const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
