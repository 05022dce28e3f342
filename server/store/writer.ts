/**
 * Writing a run down. One process writes: the training server. Every call is one short transaction that is there whole
 * or not at all, and every call may come again when a run replays steps from a checkpoint: its rows then take the place
 * of their earlier twins, which stay until that moment.
 */
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { EvaluationEvent, ProbeEvent, RoundEvent } from "../../schemas/protocol.ts";
import type { RolloutPhase } from "../../schemas/run.ts";
import {
  type DrawRecord,
  drawValues,
  type EditRecord,
  type FewShotRecord,
  fewShotValues,
  INSERT_DRAW,
  INSERT_EDIT,
  INSERT_FEW_SHOTS,
  INSERT_PROBE_OUTCOME,
  INSERT_ROUND,
  probeOutcomeValues,
  roundValues,
  type StoredEdit,
} from "./curriculumRows.ts";
import { closeWriting, inTransaction, openForWriting, STORE_FILE } from "./database.ts";
import { explainWriteError } from "./diskErrors.ts";
import { type EpisodePhase, type EpisodeRecord, type LessonRecord, putEpisode, putLessons } from "./episodeRows.ts";
import { putEvaluation } from "./evaluationRows.ts";
import { countGroup, countStep } from "./groups.ts";
import { compareReplay, type ReplayDifference } from "./replay.ts";
import { type RolloutRecord, rolloutColumns, type StoredRollout, toStored } from "./rows.ts";
import { type RunStatement, Statements } from "./statements.ts";
import { metricsView } from "./tables.ts";

/** Kind of the event that a replay which differs leaves behind; its data is a ReplayDifference. */
export const REPLAY_DIFFERENCE = "replay-difference";

/** A value that is not a number is kept as NULL; leave out what does not apply. */
export type Series = Readonly<Record<string, number>>;

export interface SampleState {
  sample: string;
  /** As `easy`, `hard-few-shots`, `retired`, `excluded`. */
  state: string;
  detail?: Record<string, unknown>;
}

export interface StepInput {
  /** From 1. */
  step: number;
  /** Functions of the seed: a replay is compared in them. */
  metrics: Series;
  /** Not functions of the seed. */
  timings: Series;
  /** All rollouts of the step. */
  rollouts: readonly RolloutRecord[];
  /** States that changed in this step. */
  states?: readonly SampleState[];
  /** How each group was put. */
  draws?: readonly DrawRecord[];
  /** What it learnt from stored turns. */
  lessons?: readonly LessonRecord[];
}

export interface EventInput {
  /** The last complete step, or the one the event belongs to. */
  step: number;
  kind: string;
  /** What its twin in a replay has in common with it; null for what happened once and no replay repeats, as a pause. */
  key: string | null;
  data: Record<string, unknown>;
}

const marks = rolloutColumns.map(() => "?").join(", ");

export class RunWriter implements Disposable {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #put: RunStatement = (sql, ...values) => this.#run(sql, ...values);
  /** Columns of the view `metrics` as it is committed. */
  #metricNames: ReadonlySet<string>;

  /** @throws InputError where the store is newer than this version, damaged, or may not be written */
  static open(runDir: string): RunWriter {
    const file = join(runDir, STORE_FILE);
    return new RunWriter(openForWriting(file), file);
  }

  /** @param database open for writing, its own from here on */
  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#statements = new Statements(this.#database);
    this.file = file;
    const names = this.#statements.of("SELECT DISTINCT name FROM step_metrics ORDER BY name").all() as {
      name: string;
    }[];
    this.#metricNames = new Set(names.map(({ name }) => name));
  }

  /**
   * Stores a step with all its rollouts.
   *
   * @returns the first difference where the step replays one that was stored and does not equal it: a defect on an
   *   engine that computes the same bits every time. It is recorded as an event too.
   */
  recordStep(input: StepInput): ReplayDifference | undefined {
    const { step, timings, states = [], draws = [], lessons = [] } = input;
    const rollouts = input.rollouts.map((record) => toStored(step, "train", record));
    const metrics = new Map(
      Object.entries(input.metrics).map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
    );
    const names = new Set([...this.#metricNames, ...metrics.keys()]);
    const difference = this.#write(`step ${step} is not stored`, () => {
      const found = this.#compareStep(step, rollouts, metrics);
      this.#run("DELETE FROM rollouts WHERE step = ? AND phase = 'train'", step);
      this.#insertRollouts(rollouts, input.rollouts);
      this.#replaceSeries("step_metrics", step, metrics);
      this.#replaceSeries("step_timings", step, new Map(Object.entries(timings)));
      this.#countStep(step);
      for (const sql of countStep) this.#run(sql, step);
      this.#run("DELETE FROM sample_states WHERE step = ? AND source = 'step'", step);
      for (const state of states) this.#putState(step, "step", state);
      this.#run("DELETE FROM draws WHERE step = ?", step);
      for (const draw of draws) this.#run(INSERT_DRAW, ...drawValues(step, draw));
      putLessons(this.#put, step, lessons);
      if (names.size > this.#metricNames.size) this.#database.exec(metricsView([...names].sort()));
      this.#noteDifference(found);
      return found;
    });
    this.#metricNames = names;
    return difference;
  }

  /** Stores rollouts that teach nothing, piece by piece as they come. Returns as recordStep. */
  recordRollouts(
    phase: "evaluation" | "probe",
    step: number,
    records: readonly RolloutRecord[],
  ): ReplayDifference | undefined {
    const rollouts = records.map((record) => toStored(step, phase, record));
    return this.#write(`rollouts of the ${phase} at step ${step} are not stored`, () => {
      const found = this.#comparePiece(step, phase, rollouts);
      for (const { group_index, rollout } of rollouts) {
        const where = "step = ? AND phase = ? AND group_index = ? AND rollout = ?";
        this.#run(`DELETE FROM rollouts WHERE ${where}`, step, phase, group_index, rollout);
      }
      this.#insertRollouts(rollouts, records);
      for (const group of new Set(rollouts.map(({ group_index }) => group_index))) {
        for (const sql of countGroup) this.#run(sql, step, phase, group);
      }
      this.#noteDifference(found);
      return found;
    });
  }

  /** Stores the outcome of an evaluation, after its rollouts. */
  recordEvaluation(event: EvaluationEvent): void {
    this.#write(`the evaluation at step ${event.step} is not stored`, () => putEvaluation(this.#put, event));
  }

  /** Stores episodes with their turns: those of the data set, and piece by piece those of an evaluation, before its outcome. */
  recordEpisodes(phase: EpisodePhase, step: number, records: readonly EpisodeRecord[]): void {
    this.#write(`episodes at step ${step} are not stored`, () => {
      for (const record of records) putEpisode(this.#put, step, phase, record);
    });
  }

  /**
   * Stores the outcome of a probe, after its rollouts: with it how many were correct of each sample.
   *
   * @param states rows that are in another state since
   */
  recordProbe(event: ProbeEvent, states: readonly SampleState[]): void {
    const { step, moment } = event;
    this.#write(`the probe at step ${step} is not stored`, () => {
      this.#run("DELETE FROM probes WHERE step = ? AND moment = ?", step, moment);
      this.#run(
        `INSERT INTO probes (step, moment, sample, rollouts, correct)
         SELECT step, ?, sample, count(*), sum(correct) FROM rollouts
         WHERE step = ? AND phase = 'probe' GROUP BY sample`,
        moment,
        step,
      );
      this.#run(INSERT_PROBE_OUTCOME, ...probeOutcomeValues(event));
      for (const state of states) this.#putState(step, "probe", state);
    });
  }

  /** Stores states that a probe found, or that the round behind it gave, at the step after which it was. */
  recordStates(step: number, states: readonly SampleState[]): void {
    this.#write(`states at step ${step} are not stored`, () => {
      for (const state of states) this.#putState(step, "probe", state);
    });
  }

  /** Stores choices of demonstrations for a round that begins after a step. */
  recordFewShots(step: number, round: number, attempts: readonly FewShotRecord[]): void {
    this.#write(`few-shots of round ${round} are not stored`, () => {
      for (const attempt of attempts) this.#run(INSERT_FEW_SHOTS, ...fewShotValues(step, round, attempt));
    });
  }

  /** Stores the beginning of a round with what became of the hard rows. */
  recordRound(event: RoundEvent, states: readonly SampleState[]): void {
    this.#write(`round ${event.round} is not stored`, () => {
      this.#run(INSERT_ROUND, ...roundValues(event));
      for (const state of states) this.#putState(event.step, "probe", state);
    });
  }

  /** Stores edits before a step uses them, and returns each with its sequence and time. */
  recordEdits(edits: readonly EditRecord[]): StoredEdit[] {
    return this.#write("edits are not stored", () =>
      edits.map((edit) => {
        const time = new Date().toISOString();
        const { step, file, sample, action, text, reason } = edit;
        const values = [step, file, sample, action, text, reason, time];
        const { lastInsertRowid } = this.#statements.of(INSERT_EDIT).run(...values);
        return { ...edit, sequence: Number(lastInsertRowid), time };
      }),
    );
  }

  /**
   * Stores something that happened. An event that equals its twin leaves it as it is, time and sequence included.
   *
   * @returns whether it is news
   */
  recordEvent(event: EventInput): boolean {
    return this.#write(`the event ${event.kind} at step ${event.step} is not stored`, () => this.#putEvent(event));
  }

  /** Stores a sample's state that came from outside the loop, as an edit by a person. */
  recordSampleState(step: number, state: SampleState): void {
    this.#write(`the state of sample ${state.sample} is not stored`, () => this.#putState(step, "outside", state));
  }

  close(): void {
    closeWriting(this.#database);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statements.of(sql).run(...values);
  }

  #write<T>(lost: string, work: () => T): T {
    try {
      return inTransaction(this.#database, work);
    } catch (error) {
      throw explainWriteError(error, this.file, `${lost}, and nothing stored before is lost`);
    }
  }

  #storedRollouts(step: number, phase: RolloutPhase): StoredRollout[] {
    const sql = `SELECT ${rolloutColumns.join(", ")} FROM rollouts WHERE step = ? AND phase = ? ORDER BY group_index, rollout`;
    return this.#statements.of(sql).all(step, phase) as unknown as StoredRollout[];
  }

  #compareStep(
    step: number,
    rollouts: readonly StoredRollout[],
    metrics: ReadonlyMap<string, number | null>,
  ): ReplayDifference | undefined {
    if (!this.#statements.of("SELECT 1 FROM steps WHERE step = ?").get(step)) return undefined;
    const rows = this.#statements.of("SELECT name, value FROM step_metrics WHERE step = ?").all(step);
    const before = new Map((rows as { name: string; value: number | null }[]).map(({ name, value }) => [name, value]));
    const twins = { rollouts: this.#storedRollouts(step, "train"), metrics: before };
    return compareReplay(step, twins, { rollouts, metrics });
  }

  /** A crash may have come between two pieces, so only rows that both have are compared. */
  #comparePiece(step: number, phase: RolloutPhase, rollouts: readonly StoredRollout[]): ReplayDifference | undefined {
    const metrics = new Map<string, number | null>();
    const select = this.#statements.of(
      `SELECT ${rolloutColumns.join(", ")} FROM rollouts WHERE step = ? AND phase = ? AND group_index = ? AND rollout = ?`,
    );
    const pairs = rollouts.flatMap((row) => {
      const twin = select.get(step, phase, row.group_index, row.rollout) as unknown as StoredRollout | undefined;
      return twin ? [{ row, twin }] : [];
    });
    return compareReplay(
      step,
      { rollouts: pairs.map(({ twin }) => twin), metrics },
      { rollouts: pairs.map(({ row }) => row), metrics },
    );
  }

  #insertRollouts(rows: readonly StoredRollout[], records: readonly RolloutRecord[]): void {
    for (const [index, row] of rows.entries()) {
      this.#run("INSERT OR IGNORE INTO prompts VALUES (?, ?)", row.prompt, (records[index] as RolloutRecord).prompt);
      const values = rolloutColumns.map((column) => row[column]);
      this.#run(`INSERT INTO rollouts (${rolloutColumns.join(", ")}) VALUES (${marks})`, ...values);
    }
  }

  #replaceSeries(
    table: "step_metrics" | "step_timings",
    step: number,
    values: ReadonlyMap<string, number | null>,
  ): void {
    this.#run(`DELETE FROM ${table} WHERE step = ?`, step);
    for (const [name, value] of values) this.#run(`INSERT INTO ${table} VALUES (?, ?, ?)`, step, name, value);
  }

  #countStep(step: number): void {
    this.#run(
      `INSERT OR REPLACE INTO steps
       SELECT ?, count(*), total(correct), total(outcome = 'malformed'), total(truncated), total(length)
       FROM rollouts WHERE step = ? AND phase = 'train'`,
      step,
      step,
    );
  }

  #putState(step: number, source: "step" | "probe" | "outside", { sample, state, detail = {} }: SampleState): void {
    this.#run(
      "INSERT OR REPLACE INTO sample_states (sample, step, source, state, detail) VALUES (?, ?, ?, ?, ?)",
      sample,
      step,
      source,
      state,
      JSON.stringify(detail),
    );
  }

  #noteDifference(difference: ReplayDifference | undefined): void {
    if (difference)
      this.#putEvent({ step: difference.step, kind: REPLAY_DIFFERENCE, key: null, data: { ...difference } });
  }

  #putEvent({ step, kind, key, data }: EventInput): boolean {
    const json = JSON.stringify(data);
    if (key !== null) {
      const twin = this.#statements
        .of("SELECT data FROM events WHERE step = ? AND kind = ? AND key = ?")
        .get(step, kind, key);
      if (twin?.data === json) return false;
      this.#run("DELETE FROM events WHERE step = ? AND kind = ? AND key = ?", step, kind, key);
    }
    const now = new Date().toISOString();
    this.#run("INSERT INTO events (step, kind, key, time, data) VALUES (?, ?, ?, ?, ?)", step, kind, key, now, json);
    return true;
  }
}
