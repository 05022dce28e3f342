/** `toolexpander pause`, `stop` and `resume`. */
import { InputError } from "../../schemas/problem.ts";
import { readRunRecord } from "../store/runFolder.ts";
import { connectToRun, type RunClient } from "../training/client/connect.ts";
import { type FoundRun, findRuns, liveRun, resolveRun } from "../training/client/discover.ts";
import { ExitCode } from "./exit.ts";
import { outputFor } from "./output.ts";
import { runsFolders } from "./runs.ts";
import { startAndWatch, watch } from "./train.ts";

export interface ControlOptions {
  runs?: string;
  json?: boolean;
  detach?: boolean;
}

async function connected({ folder, id }: FoundRun): Promise<RunClient> {
  const client = await connectToRun(folder);
  if (client) return client;
  throw new InputError(`The run ${id} does not live; resume it first.`, { file: folder });
}

export async function pauseCommand(run: string | undefined, options: ControlOptions): Promise<ExitCode> {
  const folders = runsFolders(options.runs);
  const found = run === undefined ? liveRun(folders) : resolveRun(run, folders);
  const client = await connected(found);
  try {
    const { state, step } = await client.pause();
    outputFor(options.json ?? false).result(
      { run: found.folder, state, step },
      () =>
        `${state === "stopping" ? "It is stopping already" : "Paused"} after step ${step}. Go on with: toolexpander resume ${found.folder}`,
    );
    return ExitCode.done;
  } finally {
    client.close();
  }
}

/** Waits until the checkpoint is taken and the server gone. */
export async function stopCommand(run: string | undefined, options: ControlOptions): Promise<ExitCode> {
  const folders = runsFolders(options.runs);
  const found = run === undefined ? liveRun(folders) : resolveRun(run, folders);
  const client = await connected(found);
  await client.stop();
  await client.closed;
  const { state, message = "" } = readRunRecord(found.folder);
  outputFor(options.json ?? false).result(
    { run: found.folder, state, message },
    () => message || `The run is ${state}.`,
  );
  return state === "failed" ? ExitCode.input : ExitCode.done;
}

/** Goes on with a paused run, or starts a stopped or interrupted one again from its last checkpoint. */
export async function resumeCommand(run: string | undefined, options: ControlOptions): Promise<ExitCode> {
  const folders = runsFolders(options.runs);
  const found = run === undefined ? resumable(folders) : resolveRun(run, folders);
  const output = outputFor(options.json ?? false);
  const { folder, id, record } = found;
  if (!found.live) {
    if (record.state === "finished")
      throw new InputError(`The run ${id} has finished; there is nothing to resume.`, { file: folder });
    return startAndWatch(folder, options.detach ?? false, output);
  }
  const client = await connected(found);
  const { state, step } = await client.resume();
  output.result({ event: "resume", run: folder, state, step }, () => `The run ${id} goes on after step ${step}.`);
  if (!options.detach) return watch(client, folder, output);
  client.close();
  return ExitCode.done;
}

/** The newest run that is paused, stopped, failed or cut off. */
function resumable(folders: readonly string[]): FoundRun {
  const run = findRuns(folders).find(({ live, record }) =>
    live ? record.state === "paused" : record.state !== "finished",
  );
  if (run) return run;
  throw new InputError("There is no run to resume; give a run's folder, or the folder of the runs with --runs.");
}
