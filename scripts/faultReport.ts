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

export const FaultReport = Type.Object({
  made: Type.String(),
  machine: Type.Object({
    processor: Type.String(),
    cores: Type.Number(),
    memoryGiB: Type.Number(),
    system: Type.String(),
    node: Type.String(),
    onnxruntime: Type.String(),
  }),
  count: Type.Integer(),
  seed: Type.Integer(),
  minutes: Type.Number(),
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

export function renderFaults({ made, machine, count, seed, minutes, rows }: FaultReport): string {
  const times = rows.reduce((sum, { strikes }) => sum + strikes.length, 0);
  return [
    "# Faults",
    "",
    `Made on ${made} by \`npm run test:faults -- --count ${count} --seed ${seed}\`: ${times} faults in ${Math.round(minutes)} minutes. ` +
      'A run that met one was gone on with and compared with an undisturbed run of the same experiment: "identical" means every row of ' +
      'its store that follows from the seed, its checkpoints and its policy, byte by byte; "nothing lost" means that what clients had been ' +
      "told of was on the disk before anything was resumed.",
    "",
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ` +
      `onnxruntime-node ${machine.onnxruntime}.`,
    "",
    ...markdownTable([["fault", "times", "where it struck", "outcome"], ...rows.map(cellsOf)]),
    "",
  ].join("\n");
}
