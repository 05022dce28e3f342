/** `toolexpander sweep`: the runs that an experiment plans, one after another, and how they compare. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { RunPlan } from "../../schemas/devices.ts";
import { replaceFile, writeJson } from "../store/atomicFile.ts";
import { readRunRecord } from "../store/runFolder.ts";
import { plain } from "../toolcalls/display.ts";
import { connectToRun, type RunClient } from "../training/client/connect.ts";
import { logTail, startServer } from "../training/client/start.ts";
import { loadData } from "../training/loadData.ts";
import { createRun } from "../training/newRun.ts";
import type { Lengths } from "../training/planning/demand.ts";
import { lengthsOf } from "../training/planning/memoryPlan.ts";
import { planRun, testedDevices } from "../training/planning/planRun.ts";
import { findServer } from "../training/server/serverFile.ts";
import { compared, type VariantOutcome } from "../training/sweep/comparison.ts";
import { outcomesOf } from "../training/sweep/outcomes.ts";
import { type Plan, type PlannedRun, planSweep, type SweepOverrides } from "../training/sweep/plan.ts";
import { curvesCsv, sweepReport } from "../training/sweep/report.ts";
import { RunFinder } from "../training/sweep/runFinder.ts";
import { ExitCode } from "./exit.ts";
import { follow } from "./follow.ts";
import { type Output, outputFor } from "./output.ts";
import { sayPlan } from "./train.ts";

export interface SweepOptions extends SweepOverrides {
  /** Only the runs there are: nothing is trained. */
  table?: boolean;
  json?: boolean;
}

/**
 * Runs that have finished are not run again; one that was cut off goes on where it was. Stopping it (Ctrl-C) ends the sweep, and the same
 * command goes on with it.
 */
export async function sweepCommand(
  file: string,
  { table = false, json = false, ...overrides }: SweepOptions,
): Promise<ExitCode> {
  const output = outputFor(json);
  const plan = planSweep(file, overrides);
  const finder = new RunFinder();
  const code = table ? ExitCode.done : await trainAll(file, plan, finder, output);
  const outcomes = outcomesOf(plan, finder);
  const report = sweepReport(plan.name, outcomes, plannedRuns(plan));
  const folder = writeResults(plan, outcomes, report);
  output.result(
    { event: "sweep", folder, variants: compared(outcomes) },
    () => `\n${report}\nIn ${folder}: table.md, results.json, curves.csv`,
  );
  return code;
}

const plannedRuns = ({ variants, seeds }: Plan): number => variants.length * seeds.length;

/** Seed by seed, so that variants can be compared long before the last run. */
async function trainAll(file: string, plan: Plan, finder: RunFinder, output: Output): Promise<ExitCode> {
  const lengths = new Map<string, Lengths>();
  for (const { name, runs } of plan.variants)
    if (runs[0] !== undefined) lengths.set(name, lengthsOf(await loadData(runs[0].experiment)));
  const planning = { testDevices: once(testedDevices) };
  let number = 0;
  let failed = 0;
  for (const index of plan.seeds.keys()) {
    for (const { name, runs } of plan.variants) {
      const run = runs[index];
      if (run === undefined) continue;
      number++;
      const title = `[${number}/${plannedRuns(plan)}] ${name}, seed ${run.seed}`;
      const state = await finish(run, finder, output, title, async () => {
        const planned = await planRun(run.experiment, lengths.get(name) ?? LONGEST, planning);
        sayPlan(planned, run.experiment, output);
        return planned;
      });
      if (state === "failed") failed++;
      if (state === "failed" || state === "finished") continue;
      output.say(
        `The sweep ends here. It goes on with: toolexpander sweep ${plain(relative(process.cwd(), file), 500)}`,
      );
      return ExitCode.done;
    }
  }
  if (failed > 0) output.say(`${failed} of the runs failed; toolexpander runs says why.`);
  return failed > 0 ? ExitCode.input : ExitCode.done;
}

/** Prompts of any length: each budget is then what is reckoned with. */
const LONGEST: Lengths = { prompt: Number.MAX_SAFE_INTEGER };

/** One test of the devices is enough for a sweep, and all its runs are to compute on the same one. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Brings one run to its end, whatever there is of it. */
async function finish(
  { experiment }: PlannedRun,
  finder: RunFinder,
  output: Output,
  title: string,
  planned: () => Promise<RunPlan>,
): Promise<string> {
  const found = finder.find(experiment);
  if (found?.record.state === "finished") return "finished";
  output.say(found === undefined ? title : `${title}, from where it was`);
  const folder = found?.folder ?? createRun(experiment, await planned());
  const client = await reached(folder);
  if (client === undefined) {
    const { state, message } = readRunRecord(folder);
    if (state !== "finished")
      output.say(plain(message ?? `Its server ended without a word:\n${logTail(folder)}`, 1000));
    return state;
  }
  const { record } = await follow(client, folder, output);
  if (record.state === "failed") output.say(plain(record.message ?? "It failed.", 1000));
  return record.state;
}

/** A connection to the run's server, which is started where there is none; undefined where it ended at once. */
async function reached(folder: string): Promise<RunClient | undefined> {
  const live = findServer(folder) && (await connectToRun(folder));
  if (live) return live;
  const started = await startServer(folder);
  return "exitCode" in started ? undefined : started;
}

/** Beside the runs, in a folder that is no run. */
function writeResults({ name, runs }: Plan, outcomes: readonly VariantOutcome[], report: string): string {
  const folder = join(runs, `${name}.sweep`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of [["table.md", report] as const, ["curves.csv", curvesCsv(outcomes)] as const])
    replaceFile(join(folder, file), (fd) => writeFileSync(fd, text));
  writeJson(join(folder, "results.json"), { name, variants: outcomes, compared: compared(outcomes) });
  return folder;
}
