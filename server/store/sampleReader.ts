/** Reading one sample of a run: how each of its groups was put, and what else happened to it. */
import type { SQLInputValue } from "node:sqlite";
import type { Demonstration } from "../../schemas/samples.ts";
import {
  type DrawRecord,
  type FewShotRecord,
  SELECT_EDITS,
  SELECT_STATES,
  type StoredEdit,
  toDemonstrations,
} from "./curriculumRows.ts";
import { type GroupPosition, groupColumns, type StoredGroup, toGroup } from "./groupReader.ts";
import { StoreReader } from "./storeReader.ts";
import { ROUNDS_SINCE } from "./tables.ts";

/** How a group of training was put. */
export type StoredDraw = Pick<DrawRecord, "version" | "round" | "attempt" | "edit">;

/** A choice of demonstrations that was made for the sample. */
export interface StoredFewShots
  extends Pick<FewShotRecord, "attempt" | "demonstrations" | "rollouts" | "correct" | "chosen"> {
  /** Last complete step before the round. */
  step: number;
  round: number;
}

export interface StoredState {
  step: number;
  state: string;
}

/** One completion as a list shows it. */
export interface StoredBrief {
  reward: number;
  advantage: number | null;
  tokens: number;
  entropy: number | null;
  reason: string;
  begins: string;
}

export class SampleReader extends StoreReader {
  get #hasRounds(): boolean {
    return this.version >= ROUNDS_SINCE;
  }

  /** The latest groups of a sample, in the order of their steps; those of one step as training, then what looked at it. */
  groups(sample: string, limit: number): StoredGroup[] {
    // The index over samples holds the keys of its rollouts, so that no other row is read.
    const sql = `SELECT ${groupColumns} FROM groups JOIN (
        SELECT DISTINCT step, phase, group_index FROM rollouts WHERE sample = ? ORDER BY step DESC LIMIT ?
      ) USING (step, phase, group_index)
      ORDER BY step, CASE phase WHEN 'train' THEN 0 WHEN 'probe' THEN 1 ELSE 2 END, group_index`;
    return this.#groups(sql, sample, limit);
  }

  /** One completion of a group in brief; undefined where it is no longer there. */
  rollout({ step, phase, group }: GroupPosition, rollout: number): StoredBrief | undefined {
    const sql = `SELECT reward, advantage, length AS tokens, entropy, substr(reason, 1, 300) AS reason,
        substr(completion, 1, 200) AS begins
      FROM rollouts WHERE step = ? AND phase = ? AND group_index = ? AND rollout = ?`;
    const [row] = this.all(sql, step, phase, group, rollout);
    return row && { ...(row as unknown as StoredBrief) };
  }

  group({ step, phase, group }: GroupPosition): StoredGroup | undefined {
    const sql = `SELECT ${groupColumns} FROM groups WHERE step = ? AND phase = ? AND group_index = ?`;
    return this.#groups(sql, step, phase, group)[0];
  }

  countGroups(sample: string): number {
    const sql =
      "SELECT count(*) AS groups FROM (SELECT DISTINCT step, phase, group_index FROM rollouts WHERE sample = ?)";
    return this.all(sql, sample)[0]?.groups as number;
  }

  /** Undefined for groups that taught nothing, and where the store is from before draws were kept. */
  draw({ step, phase, group }: GroupPosition): StoredDraw | undefined {
    if (!this.#hasRounds || phase !== "train") return undefined;
    const sql = "SELECT version, round, attempt, edit FROM draws WHERE step = ? AND group_index = ?";
    const [row] = this.all(sql, step, group);
    return row && { ...(row as unknown as StoredDraw) };
  }

  /** Demonstrations of the few-shots that a draw names. */
  demonstrations(
    sample: string,
    { round, attempt }: Pick<StoredDraw, "round" | "attempt">,
  ): Demonstration[] | undefined {
    if (round === null || attempt === null) return undefined;
    const sql = "SELECT demonstrations FROM few_shots WHERE sample = ? AND round = ? AND attempt = ?";
    const [row] = this.all(sql, sample, round, attempt);
    return row && toDemonstrations(row);
  }

  edit(sequence: number): StoredEdit | undefined {
    const [row] = this.all(`${SELECT_EDITS} WHERE sequence = ?`, sequence);
    return row && { ...(row as unknown as StoredEdit) };
  }

  /** Refused ones included, in the order they came. */
  edits(sample: string): StoredEdit[] {
    if (!this.#hasRounds) return [];
    return this.all(`${SELECT_EDITS} WHERE sample = ? ORDER BY sequence`, sample).map((row) => ({
      ...(row as unknown as StoredEdit),
    }));
  }

  /** Every choice that was made for the sample, in order. */
  fewShots(sample: string): StoredFewShots[] {
    if (!this.#hasRounds) return [];
    const sql = `SELECT step, round, attempt, demonstrations, rollouts, correct, chosen FROM few_shots
      WHERE sample = ? ORDER BY round, attempt`;
    return this.all(sql, sample).map((row) => ({
      step: row.step as number,
      round: row.round as number,
      attempt: row.attempt as number,
      demonstrations: toDemonstrations(row),
      rollouts: row.rollouts as number,
      correct: row.correct as number,
      chosen: row.chosen === 1,
    }));
  }

  /** States in the order in which they were given; within a step a probe looks after it, and what came from outside is last. */
  states(sample: string): StoredState[] {
    const sql = `SELECT step, state FROM sample_states WHERE sample = ?
      ORDER BY step, CASE source WHEN 'step' THEN 0 WHEN 'probe' THEN 1 ELSE 2 END`;
    return this.all(sql, sample).map((row) => ({ step: row.step as number, state: row.state as string }));
  }

  /** The latest state of each sample that has one, without what a researcher did: an edit lies over a state and does not end it. */
  currentStates(): Map<string, string> {
    return new Map(this.all(SELECT_STATES).map(({ sample, state }) => [sample as string, state as string]));
  }

  /** Names of the parts of the reward, in the order in which it gives them, as the latest rollouts have them. */
  partNames(): string[] {
    const sql = "SELECT parts FROM rollouts WHERE rowid > (SELECT max(rowid) FROM rollouts) - 50";
    const names = this.all(sql).flatMap(({ parts }) => Object.keys(JSON.parse(parts as string) as object));
    return [...new Set(names)];
  }

  #groups(sql: string, ...values: SQLInputValue[]): StoredGroup[] {
    return this.arrays(sql, ...values).map((row) => toGroup(row));
  }
}
