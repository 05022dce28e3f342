/** `toolexpander train` and `sft`: start a run and watch it. */

import type { RunPlan } from "../../schemas/devices.ts";
import type { PresetName, ResolvedExperiment } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { RunRecord } from "../../schemas/run.ts";
import { readRunRecord } from "../store/runFolder.ts";
import { plain, visible } from "../toolcalls/display.ts";
import { RunClient } from "../training/client/connect.ts";
import { logTail, startServer } from "../training/client/start.ts";
import { type Overrides, resolveExperiment } from "../training/experiment.ts";
import { loadData } from "../training/loadData.ts";
import { createRun } from "../training/newRun.ts";
import { ForgottenIncidents } from "../training/ownReward/incidents.ts";
import { lengthsOf, lowers } from "../training/planning/memoryPlan.ts";
import { planRun } from "../training/planning/planRun.ts";
import type { Dataset } from "../training/rows.ts";
import { exportedFolders } from "../training/stages.ts";
import { ExitCode } from "./exit.ts";
import { follow } from "./follow.ts";
import { type Output, outputFor } from "./output.ts";
import { summaryOf } from "./summary.ts";

/** UTF-16 units of a sentence that holds what a driver calls itself. */
const SENTENCE = 1000;

export interface TrainOptions extends Overrides {
  detach?: boolean;
  json?: boolean;
}

/** Checks everything a person may have got wrong before a folder is made, then starts the run. */
export async function trainCommand(preset: PresetName, file: string, options: TrainOptions): Promise<ExitCode> {
  const { detach = false, json = false, ...overrides } = options;
  const output = outputFor(json);
  const experiment = resolveExperiment(file, overrides);
  if ((experiment.preset === "sft") !== (preset === "sft")) {
    const verb = experiment.preset === "sft" ? "sft" : "train";
    throw new InputError(
      `This experiment has the preset "${experiment.preset}"; choose another with --preset, or start it with: toolexpander ${verb} ${file}`,
      {
        file: experiment.file,
        key: "preset",
      },
    );
  }
  const data = await loadData(experiment, new ForgottenIncidents((sentence) => output.say(sentence)));
  for (const sentence of data.notes) output.say(sentence);
  const plan = await planned(experiment, data, output);
  await data.episodes?.world.environment.dispose();
  return startAndWatch(createRun(experiment, plan), detach, output);
}

/** What the run takes from this machine, said where something was chosen. */
export async function planned(experiment: ResolvedExperiment, data: Dataset, output: Output): Promise<RunPlan> {
  if (experiment.device === "auto") output.say("Testing the devices of this machine …");
  const plan = await planRun(experiment, lengthsOf(data));
  sayPlan(plan, experiment, output);
  return plan;
}

export function sayPlan(plan: RunPlan, experiment: ResolvedExperiment, output: Output): void {
  if (plan.device) output.say(plain(plan.device.why, SENTENCE));
  if (lowers(plan, experiment)) output.say(plan.memory);
}

/** Starts the server of a run folder, says where the run lies, and watches it unless told not to. */
export async function startAndWatch(folder: string, detach: boolean, output: Output): Promise<ExitCode> {
  const started = await startServer(folder);
  output.result({ event: "start", run: folder }, () => startNotice(folder));
  if (!(started instanceof RunClient))
    return conclude(folder, readRunRecord(folder), endedEarly(folder, started.exitCode), output);
  if (detach) {
    started.close();
    return ExitCode.done;
  }
  return watch(started, folder, output);
}

/** Watches a live run to its end and says what it came to. */
export async function watch(client: RunClient, folder: string, output: Output): Promise<ExitCode> {
  const { record, left, exitCode } = await follow(client, folder, output);
  if (left) {
    output.say(
      `The run goes on in the background. See how it does: toolexpander runs --runs ${record.experiment.runs}`,
    );
    return exitCode;
  }
  return conclude(folder, record, exitCode, output);
}

function startNotice(folder: string): string {
  return [
    `The run lies in ${folder}`,
    "It outlives this terminal. Ctrl-C stops it with a checkpoint.",
    `From elsewhere: toolexpander pause|resume|stop ${folder}`,
  ].join("\n");
}

function endedEarly(folder: string, exitCode: number | null): ExitCode {
  const { state } = readRunRecord(folder);
  if (state === "finished" || state === "stopped") return ExitCode.done;
  return exitCode === ExitCode.input ? ExitCode.input : ExitCode.defect;
}

function conclude(folder: string, record: RunRecord, exitCode: ExitCode, output: Output): ExitCode {
  const { state, message = "" } = record;
  const ended = state === "running" || state === "paused" ? "interrupted" : state;
  if (ended === "interrupted" || ended === "failed") {
    const why =
      message ||
      `The training server ended without a word. The end of its log:\n${logTail(folder)}\nResume with: toolexpander resume ${folder}`;
    output.result({ event: "end", run: folder, state: ended, message: why }, () => "");
    process.stderr.write(`${visible(why)}\n`);
    return exitCode;
  }
  output.result(
    { event: "end", run: folder, state, ...(message ? { message } : {}), results: record.results ?? {} },
    () =>
      [summaryOf(folder, record), message, state === "finished" ? whereItLies(folder, record) : ""]
        .filter(Boolean)
        .join("\n"),
  );
  return exitCode;
}

function whereItLies(folder: string, { experiment }: RunRecord): string {
  const folders = exportedFolders(experiment.settings).map((name) => `${folder}/${name}`);
  return `\nThe trained policy lies in ${folders.join(", its adapter alone in ")}`;
}
