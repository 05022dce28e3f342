/** Reading a run, beside its writer or long after it. Every call sees whole steps, since a step is one transaction. */
import type { SQLOutputValue } from "node:sqlite";
import type { EvaluationEvent, Moment, ProbeEvent, RoundEvent } from "../../schemas/protocol.ts";
import type {
  EventRow,
  Outcome,
  ProbeRow,
  RolloutPhase,
  RolloutPosition,
  RolloutRow,
  RunCounts,
  SampleStateRow,
  StepRow,
} from "../../schemas/run.ts";
import type { Demonstration } from "../../schemas/samples.ts";
import { choicesOf } from "./choiceRows.ts";
import { type DrawRecord, SELECT_EDITS, SELECT_ROUNDS, type StoredEdit, toDemonstrations } from "./curriculumRows.ts";
import { toEvaluation } from "./evaluationRows.ts";
import { pageColumns, toRollout } from "./rows.ts";
import { asJson, type Row, StoreReader, whole } from "./storeReader.ts";
import { EPISODES_SINCE, ROUNDS_SINCE } from "./tables.ts";

export interface RolloutQuery {
  phase?: RolloutPhase;
  step?: number;
  sample?: string;
  outcome?: Outcome;
  /** Rows of a page, 1 … 1000. */
  limit: number;
  /** Where the page before ended; the rows after it follow, whatever was written or replaced meanwhile. */
  after?: RolloutPosition;
  /** Newest steps first. */
  newestFirst?: boolean;
}

/** One thing that happened to a sample. */
export interface HistoryRow {
  step: number;
  what: "probe" | "few-shots" | "state" | "edit" | "draw";
  detail: Record<string, unknown>;
}

/** How a sample was put in one step, and what came of it. */
export interface DrawOutcome {
  step: number;
  version: DrawRecord["version"];
  /** Sequence of the edit that was in force. */
  edit: number | null;
  rollouts: number;
  correct: number;
}

export interface RolloutPage {
  rows: RolloutRow[];
  /** Give it as `after` for the next page; null where this page is the last for now. */
  next: RolloutPosition | null;
}

const mostRows = 1000;
const order = ["step", "phase", "group_index", "rollout"];

/** Blobs come at any offset; typed arrays want multiples of four, so the bytes are copied. */
function bufferOf(blob: SQLOutputValue | undefined): ArrayBuffer {
  return new Uint8Array(blob as Uint8Array).buffer;
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
    throw new RangeError(`limit must be 1 to ${mostRows}, not ${limit}`);
  }
}

export class RunReader extends StoreReader {
  get #hasRounds(): boolean {
    return this.version >= ROUNDS_SINCE;
  }

  /** A page of rollouts, in the order of step, phase, group and rollout. */
  rollouts(query: RolloutQuery): RolloutPage {
    const { limit, after, newestFirst = false } = query;
    checkLimit(limit);
    const equal = (["phase", "step", "sample", "outcome"] as const).filter((key) => query[key] !== undefined);
    const conditions = equal.map((key) => `${key} = ?`);
    const values: (string | number)[] = equal.map((key) => query[key] as string | number);
    if (after) {
      conditions.push(`(${order.join(", ")}) ${newestFirst ? "<" : ">"} (?, ?, ?, ?)`);
      values.push(after.step, after.phase, after.group, after.rollout);
    }
    const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
    const sorted = order.map((column) => (newestFirst ? `${column} DESC` : column)).join(", ");
    // One more than asked for tells whether another page follows.
    const rows = this.all(
      `SELECT ${pageColumns} FROM rollouts ${where} ORDER BY ${sorted} LIMIT ?`,
      ...values,
      limit + 1,
    );
    const page = rows.slice(0, limit).map(toRollout);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      rows: page,
      next: last ? { step: last.step, phase: last.phase, group: last.group, rollout: last.rollout } : null,
    };
  }

  /** Token ids and log-probabilities of one rollout; undefined where there is none or they were not kept. */
  tokens(at: RolloutPosition): { tokens: Int32Array; logprobs: Float32Array } | undefined {
    const [row] = this.all(
      `SELECT tokens, logprobs FROM rollouts
       WHERE step = ? AND phase = ? AND group_index = ? AND rollout = ? AND tokens IS NOT NULL`,
      at.step,
      at.phase,
      at.group,
      at.rollout,
    );
    return (
      row &&
      whole(() => ({
        tokens: new Int32Array(bufferOf(row.tokens)),
        logprobs: new Float32Array(bufferOf(row.logprobs)),
      }))
    );
  }

  /** The exact text a rollout was drawn from. */
  prompt(hash: string): string | undefined {
    return this.all("SELECT text FROM prompts WHERE hash = ?", hash)[0]?.text as string | undefined;
  }

  /** Metrics and timings of the steps from `first` to `last`, both included. */
  steps({ first = 0, last = Number.MAX_SAFE_INTEGER }: { first?: number; last?: number } = {}): StepRow[] {
    const rows = new Map<number, StepRow>();
    for (const { step } of this.all("SELECT step FROM steps WHERE step BETWEEN ? AND ? ORDER BY step", first, last)) {
      rows.set(step as number, { step: step as number, metrics: {}, timings: {} });
    }
    for (const kind of ["metrics", "timings"] as const) {
      const sql = `SELECT step, name, value FROM step_${kind} WHERE step BETWEEN ? AND ? ORDER BY step, name`;
      for (const [step, name, value] of this.arrays(sql, first, last)) {
        const row = rows.get(step as number);
        if (row) row[kind][name as string] = value as number | null;
      }
    }
    return [...rows.values()];
  }

  counts(): RunCounts {
    const [row] = this.all(
      `SELECT count(*) AS steps, coalesce(max(step), 0) AS lastStep, coalesce(sum(rollouts), 0) AS rollouts,
         coalesce(sum(correct), 0) AS correct, coalesce(sum(malformed), 0) AS malformed,
         coalesce(sum(truncated), 0) AS truncated, coalesce(sum(tokens), 0) AS tokens FROM steps`,
    );
    return { ...(row as unknown as RunCounts) };
  }

  evaluations(): EvaluationEvent[] {
    const categories = this.all("SELECT * FROM evaluation_categories ORDER BY step, moment, category");
    return this.all("SELECT * FROM evaluations ORDER BY step, moment DESC").map((row) => {
      const choices = this.#choices(row);
      return { ...toEvaluation(row, categories), ...(choices && { choices }) };
    });
  }

  #choices({ step, moment }: Row): EvaluationEvent["choices"] {
    if (this.version < EPISODES_SINCE) return undefined;
    return choicesOf((...query) => this.all(...query), step as number, moment as Moment);
  }

  /** Outcomes of all probes, sample by sample. */
  probes(): ProbeRow[] {
    const rows = this.all(
      "SELECT step, moment, sample, rollouts, correct FROM probes ORDER BY step, moment DESC, sample",
    );
    return rows.map((row) => ({ ...(row as unknown as ProbeRow) }));
  }

  /** Probes as a whole, in order. */
  probeOutcomes(): ProbeEvent[] {
    const sql = this.#hasRounds
      ? "SELECT * FROM probe_outcomes"
      : `SELECT step, moment, 'full' AS mode, count(*) AS rows, sum(hard) AS hard, max(rollouts) AS rollouts, 0 AS skipped,
           sum(rollouts) AS drawn, 0 AS saved FROM probes GROUP BY step, moment`;
    return this.all(`SELECT * FROM (${sql}) ORDER BY step, moment DESC`).map((row) => ({
      ...(row as unknown as ProbeEvent),
    }));
  }

  /** Rounds of hard sampling, in order; none for runs without it. */
  rounds(): RoundEvent[] {
    if (!this.#hasRounds) return [];
    return this.all(SELECT_ROUNDS).map((row) => ({ ...(row as unknown as RoundEvent) }));
  }

  /** Edits in the order they came, refused ones included. */
  edits(): StoredEdit[] {
    if (!this.#hasRounds) return [];
    return this.all(`${SELECT_EDITS} ORDER BY sequence`).map((row) => ({ ...(row as unknown as StoredEdit) }));
  }

  /** All that happened to a sample, in order: probes, few-shots, states, edits, draws. */
  history(sample: string): HistoryRow[] {
    if (!this.#hasRounds) return [];
    const rows = this.all(
      "SELECT step, what, detail FROM sample_history WHERE sample = ? ORDER BY step, place",
      sample,
    );
    return rows.map(({ step, what, detail }) => ({
      step: step as number,
      what: what as HistoryRow["what"],
      detail: asJson(detail),
    }));
  }

  /** Every draw of a sample, in order. */
  draws(sample: string): DrawOutcome[] {
    if (!this.#hasRounds) return [];
    return this.all(
      `SELECT d.step, d.version, d.edit, count(r.rollout) AS rollouts, coalesce(sum(r.correct), 0) AS correct
       FROM draws d LEFT JOIN rollouts r ON r.step = d.step AND r.phase = 'train' AND r.group_index = d.group_index
       WHERE d.sample = ? GROUP BY d.step, d.group_index ORDER BY d.step, d.group_index`,
      sample,
    ).map((row) => ({ ...(row as unknown as DrawOutcome) }));
  }

  /** Demonstrations that the algorithm chose last for a sample; undefined where it chose none. */
  latestFewShots(sample: string): Demonstration[] | undefined {
    if (!this.#hasRounds) return undefined;
    const [row] = this.all(
      "SELECT demonstrations FROM few_shots WHERE sample = ? ORDER BY round DESC, chosen DESC, attempt DESC LIMIT 1",
      sample,
    );
    return row && toDemonstrations(row);
  }

  /** The latest state of each sample that has one. */
  sampleStates(): SampleStateRow[] {
    return this.all("SELECT sample, step, state, detail FROM current_states ORDER BY sample").map((row) => ({
      sample: row.sample as string,
      step: row.step as number,
      state: row.state as string,
      detail: asJson(row.detail),
    }));
  }

  /** Events in the order they came; `after` is the sequence of the last one already known. */
  events({ after = 0, kind, limit }: { after?: number; kind?: string; limit: number }): EventRow[] {
    checkLimit(limit);
    const rows = this.all(
      `SELECT sequence, step, kind, time, data FROM events
       WHERE sequence > ? AND (? IS NULL OR kind = ?) ORDER BY sequence LIMIT ?`,
      after,
      kind ?? null,
      kind ?? null,
      limit,
    );
    return rows.map((row) => ({
      sequence: row.sequence as number,
      step: row.step as number,
      kind: row.kind as string,
      time: row.time as string,
      data: asJson(row.data),
    }));
  }
}
