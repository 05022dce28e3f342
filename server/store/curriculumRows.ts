/** What hard sampling stores besides rollouts, and how it lies in rows: rounds, few-shots, draws, edits. */
import type { EditEvent, ProbeEvent, RoundEvent } from "../../schemas/protocol.ts";
import type { Demonstration } from "../../schemas/samples.ts";
import { parseExactJson } from "../toolcalls/json.ts";
import { type Row, whole } from "./storeReader.ts";

/** One choice of demonstrations for a row. */
export interface FewShotRecord {
  sample: string;
  attempt: number;
  demonstrations: readonly Demonstration[];
  /** SHA-256 of the prompt's text. */
  promptHash: string;
  tokens: number;
  dropped: number;
  rollouts: number;
  correct: number;
  chosen: boolean;
}

/** How a group of a step was put. */
export interface DrawRecord {
  group: number;
  sample: string;
  version: "raw" | "few-shot" | "edited";
  promptHash: string;
  round: number | null;
  attempt: number | null;
  edit: number | null;
}

/** A file of replacements/ as it was taken over or refused. */
export interface EditRecord extends EditEvent {
  /** Null where the file is gone. */
  text: string | null;
}

export interface StoredEdit extends EditRecord {
  sequence: number;
  /** ISO 8601, UTC. */
  time: string;
}

/** Columns of `rounds`, each with the key of the event it holds. */
const ROUND_COLUMNS = [
  ["round", "round"],
  ["step", "step"],
  ["steps", "steps"],
  ["hard", "hard"],
  ["few_shots", "fewShots"],
  ["no_candidates", "noCandidates"],
  ["unverified", "unverified"],
  ["added", "added"],
  ["easy", "easy"],
  ["retired", "retired"],
  ["newly_hard", "newlyHard"],
  ["hard_again", "hardAgain"],
  ["edited", "edited"],
  ["excluded", "excluded"],
  ["attempts", "attempts"],
  ["rollouts", "rollouts"],
] as const satisfies [string, keyof RoundEvent][];

export const INSERT_ROUND = `INSERT OR REPLACE INTO rounds (${ROUND_COLUMNS.map(([column]) => column).join(", ")})
  VALUES (${ROUND_COLUMNS.map(() => "?").join(", ")})`;

export const roundValues = (event: RoundEvent): number[] => ROUND_COLUMNS.map(([, key]) => event[key]);

export const SELECT_ROUNDS = `SELECT ${ROUND_COLUMNS.map(([column, key]) => `${column} AS ${key}`).join(", ")} FROM rounds ORDER BY round`;

export const INSERT_PROBE_OUTCOME = "INSERT OR REPLACE INTO probe_outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

export function probeOutcomeValues(event: ProbeEvent): (string | number)[] {
  const { step, moment, mode, rows, hard, rollouts, skipped, drawn, saved } = event;
  return [step, moment, mode, rows, hard, rollouts, skipped, drawn, saved];
}

export const INSERT_FEW_SHOTS = "INSERT OR REPLACE INTO few_shots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/** @param step the last complete one before the round */
export function fewShotValues(step: number, round: number, record: FewShotRecord): (string | number)[] {
  const { sample, attempt, demonstrations, promptHash, tokens, dropped, rollouts, correct, chosen } = record;
  const shown = JSON.stringify(demonstrations);
  return [sample, round, attempt, step, shown, promptHash, tokens, dropped, rollouts, correct, Number(chosen)];
}

/** @throws InputError where they are damaged */
export const toDemonstrations = ({ demonstrations }: Row): Demonstration[] =>
  whole(() => parseExactJson(demonstrations as string) as Demonstration[]);

export const INSERT_DRAW = "INSERT INTO draws VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

export function drawValues(step: number, record: DrawRecord): (string | number | null)[] {
  const { group, sample, version, promptHash, round, attempt, edit } = record;
  return [step, group, sample, version, promptHash, round, attempt, edit];
}

export const INSERT_EDIT =
  "INSERT INTO edits (step, file, sample, action, text, reason, time) VALUES (?, ?, ?, ?, ?, ?, ?)";

/** In the form of StoredEdit. */
export const SELECT_EDITS = "SELECT sequence, step, file, sample, action, text, reason, time FROM edits";

/** The last word on each sample, the words about edits left out: an edit lies over the state and does not end it. */
export const SELECT_STATES = `SELECT sample, state FROM (
    SELECT sample, state, row_number() OVER (
      PARTITION BY sample
      ORDER BY step DESC, CASE source WHEN 'outside' THEN 2 WHEN 'probe' THEN 1 ELSE 0 END DESC
    ) AS place FROM sample_states WHERE state NOT IN ('edited', 'excluded')
  ) WHERE place = 1`;
