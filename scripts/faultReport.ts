/** The table of a fault suite's run. */
import { type Static, Type } from "@sinclair/typebox";
import { markdownTable } from "../server/training/sweep/markdownTable.ts";

/** How often the random faults happen in all; unset for the short form. */
export const COUNT_VARIABLE = "TOOLEXPANDER_FAULTS";
export const SEED_VARIABLE = "TOOLEXPANDER_FAULTS_SEED";
/** The file to which each test appends its row. */
export const REPORT_VARIABLE = "TOOLEXPANDER_FAULTS_REPORT";

export const FaultRow = Type.Object({
  fault: Type.String(),
  wanted: Type.Integer({ minimum: 1 }),
  strikes: Type.Array(Type.Object({ where: Type.String(), ending: Type.String() })),
  failure: Type.Optional(Type.String()),
});
export type FaultRow = Static<typeof FaultRow>;

/** Rows that were made together. A table may be made in several sittings, on machines of several kinds. */
const Sitting = Type.Object({
  made: Type.String(),
  machine: Type.Object({
    processor: Type.String(),
    cores: Type.Number(),
    memoryGiB: Type.Number(),
    system: Type.String(),
    node: Type.String(),
    onnxruntime: Type.String(),
  }),
  minutes: Type.Number(),
  faults: Type.Array(Type.String()),
});
type Sitting = Static<typeof Sitting>;

export const FaultReport = Type.Object({
  count: Type.Integer(),
  seed: Type.Integer(),
  sittings: Type.Array(Sitting),
  rows: Type.Array(FaultRow),
});
export type FaultReport = Static<typeof FaultReport>;

/** `sampling 3, saving 1`, the most frequent first. */
function tally(values: readonly string[]): string {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([value, n]) => `${value} ${n}`)
    .join(", ");
}

function cellsOf({ fault, wanted, strikes, failure }: FaultRow): string[] {
  const endings = [...new Set(strikes.map(({ ending }) => ending))];
  const outcome = failure === undefined ? endings.join("; ") : `**failed**: ${failure.split("\n")[0]}`;
  const times = strikes.length === wanted ? String(wanted) : `${strikes.length} of ${wanted}`;
  return [fault, times, tally(strikes.map(({ where }) => where)), outcome];
}

/** A table with a part of it made anew: rows of the same name give way, and so do sittings of which no row is left. */
export function renewed(earlier: FaultReport, { sittings, rows }: Pick<FaultReport, "sittings" | "rows">): FaultReport {
  const isNew = (fault: string): boolean => rows.some((row) => row.fault === fault);
  const kept = earlier.sittings
    .map((sitting) => ({ ...sitting, faults: sitting.faults.filter((fault) => !isNew(fault)) }))
    .filter(({ faults }) => faults.length > 0);
  return {
    ...earlier,
    sittings: [...kept, ...sittings],
    rows: [...earlier.rows.filter(({ fault }) => !isNew(fault)), ...rows].sort((a, b) => (a.fault < b.fault ? -1 : 1)),
  };
}

/** Rows of a sitting that are told by name; of more, their number. */
const MOST_NAMED = 3;

function sittingLine({ made, machine, minutes, faults }: Sitting, rows: readonly FaultRow[]): string {
  const named = faults.length <= MOST_NAMED ? faults.map((fault) => `“${fault}”`).join(", ") : `${faults.length} rows`;
  const which = faults.length === rows.length ? "" : `${named}; `;
  return (
    `- ${made}, ${Math.round(minutes)} minutes: ${which}${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ` +
    `${machine.system}, Node ${machine.node}, onnxruntime-node ${machine.onnxruntime}.`
  );
}

export function renderFaults({ count, seed, sittings, rows }: FaultReport): string {
  const times = rows.reduce((sum, { strikes }) => sum + strikes.length, 0);
  return [
    "# Faults",
    "",
    `Made by \`npm run test:faults -- --count ${count} --seed ${seed}\`: ${times} faults. ` +
      'A run that met one was gone on with and compared with an undisturbed run of the same experiment: "identical" means every row of ' +
      'its store that follows from the seed, its checkpoints and its policy, byte by byte; "nothing lost" means that what clients had been ' +
      "told of was on the disk before anything was resumed.",
    "",
    ...sittings.map((sitting) => sittingLine(sitting, rows)),
    "",
    ...markdownTable([["fault", "times", "where it struck", "outcome"], ...rows.map(cellsOf)]),
    "",
  ].join("\n");
}
