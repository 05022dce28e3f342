/** Reading which training rows are hard, and what became of them. */
import type { EditEvent } from "../../schemas/protocol.ts";
import { SELECT_STATES } from "./curriculumRows.ts";
import { StoreReader } from "./storeReader.ts";
import { ROUNDS_SINCE } from "./tables.ts";

/** A training row that is or was hard, or that the researcher edited. */
export interface HardRow {
  sample: string;
  /** The latest state that the curriculum gave it; null where it gave none. */
  state: string | null;
  /** Probes that looked at it, and those in which no rollout was correct. */
  probes: number;
  failed: number;
  /** The researcher's edit in force. */
  edit: Exclude<EditEvent["action"], "automatic" | "refused"> | null;
}

const STATES = `SELECT sample, state FROM (${SELECT_STATES}) WHERE state LIKE 'hard%' OR state = 'retired'`;

const PROBES = "SELECT sample, count(*) AS probes, sum(hard) AS failed FROM probes GROUP BY sample";

const EDITS = `
  SELECT sample, action FROM edits WHERE action <> 'automatic' AND sequence IN
    (SELECT max(sequence) FROM edits WHERE sample IS NOT NULL AND action <> 'refused' GROUP BY sample)`;

export class HardRowReader extends StoreReader {
  /** Whether any probe is over: before that nobody knows which rows are hard. */
  get probed(): boolean {
    return this.all("SELECT 1 FROM probes LIMIT 1").length > 0;
  }

  /** In no order. */
  rows(): HardRow[] {
    const states = new Map(this.all(STATES).map(({ sample, state }) => [sample, state as string]));
    const hasEdits = this.version >= ROUNDS_SINCE;
    const edits = new Map(
      (hasEdits ? this.all(EDITS) : []).map(({ sample, action }) => [sample, action as HardRow["edit"]]),
    );
    const wanted = new Set([...states.keys(), ...edits.keys()]);
    const probes = new Map(this.all(PROBES).map((row) => [row.sample, row]));
    return [...wanted].map((sample) => ({
      sample: sample as string,
      state: states.get(sample) ?? null,
      probes: (probes.get(sample)?.probes as number | undefined) ?? 0,
      failed: (probes.get(sample)?.failed as number | undefined) ?? 0,
      edit: edits.get(sample) ?? null,
    }));
  }
}
