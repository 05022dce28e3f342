/** `toolexpander runs`: what runs there are and how they do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../schemas/protocol.ts";
import { plain } from "../toolcalls/display.ts";
import { askStatus, type FoundRun, findRuns } from "../training/client/discover.ts";
import { percent } from "../training/client/text.ts";
import { ExitCode } from "./exit.ts";
import { outputFor } from "./output.ts";
import { tableText } from "./table.ts";

/** Where the quickstart puts its runs, beside `runs` in the working directory. */
const DEFAULT_FOLDERS = ["runs", join("examples", "quickstart", "runs")];

/** The folders runs are looked for in: the one given, or the default ones that are there. */
export function runsFolders(given: string | undefined): string[] {
  if (given !== undefined) return [given];
  const there = DEFAULT_FOLDERS.filter((folder) => existsSync(folder));
  return there.length > 0 ? there : DEFAULT_FOLDERS.slice(0, 1);
}

export async function runsCommand(
  folder: string | undefined,
  options: { runs?: string; json?: boolean },
): Promise<ExitCode> {
  const found = findRuns(runsFolders(folder ?? options.runs));
  const rows = await Promise.all(
    found.map(async (run) => rowOf(run, run.live ? await askStatus(run.folder) : undefined)),
  );
  outputFor(options.json ?? false).result({ runs: rows }, () => tableOf(rows, runsFolders(folder ?? options.runs)));
  return ExitCode.done;
}

interface RunRow {
  run: string;
  folder: string;
  preset: string;
  state: string;
  step: number;
  steps: number;
  accuracyBefore: number | null;
  accuracy: number | null;
  hardRows: number | null;
}

function rowOf({ id, folder, record, live }: FoundRun, snapshot: Snapshot | undefined): RunRow {
  const { results = {}, experiment } = record;
  const unfinished = record.state === "running" || record.state === "paused";
  return {
    run: id,
    folder,
    preset: experiment.preset,
    state: snapshot?.state ?? (unfinished && !live ? "interrupted" : record.state),
    step: snapshot?.step ?? results.steps ?? 0,
    steps: experiment.settings.steps,
    accuracyBefore: snapshot?.evaluations.before?.accuracy.value ?? results.accuracyBefore ?? null,
    accuracy: snapshot?.evaluations.latest?.accuracy.value ?? results.accuracyAfter ?? null,
    hardRows: snapshot?.hardRows ?? results.hardAfter ?? results.hardBefore ?? null,
  };
}

function tableOf(rows: readonly RunRow[], folders: readonly string[]): string {
  if (rows.length === 0) return `No runs in ${folders.join(" or ")}.`;
  const share = (value: number | null): string => (value === null ? "" : percent(value));
  return tableText(
    ["run", "state", "step", "held-out before", "held-out", "hard rows"],
    rows.map(({ run, state, step, steps, accuracyBefore, accuracy, hardRows }) => [
      plain(run),
      state,
      `${step}/${steps}`,
      share(accuracyBefore),
      share(accuracy),
      hardRows === null ? "" : String(hardRows),
    ]),
  );
}
