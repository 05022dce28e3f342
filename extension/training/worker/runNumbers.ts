/** What a run's store tells of a run that nobody can be asked about: how far it came, and how good it was. */
import type { ProbeRow } from "../../../schemas/run.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { defined, type StoredNumbers } from "../../status/runStatus.ts";

/** @throws where there is no store, or none that can be read */
export function numbersOf(folder: string): StoredNumbers {
  using reader = new RunReader(folder);
  const evaluations = reader.evaluations();
  const probes = reader.probes();
  const before = hardOf(probes.filter(({ moment }) => moment === "before"));
  const after = hardOf(probes.filter(({ moment }) => moment === "after"));
  const { lastStep } = reader.counts();
  const [last] = reader.steps({ first: lastStep, last: lastStep });
  return defined({
    step: lastStep,
    accuracyBefore: evaluations.find(({ moment }) => moment === "before")?.accuracy,
    accuracy: evaluations.at(-1)?.accuracy,
    hardBefore: before?.hard,
    hardRows: after?.hard ?? last?.metrics.hardRows ?? before?.hard,
    probedRows: before?.rows,
  });
}

/** Undefined where nothing was probed. */
function hardOf(rows: readonly ProbeRow[]): { hard: number; rows: number } | undefined {
  if (rows.length === 0) return undefined;
  return { hard: rows.filter(({ correct }) => correct === 0).length, rows: rows.length };
}
