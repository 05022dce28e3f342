/** Starting a run, and starting a server again for one that lost it. */
import { readFileSync } from "node:fs";
import { InputError } from "../../../schemas/problem.ts";
import { RunClient } from "../../../server/training/client/connect.ts";
import { findRuns } from "../../../server/training/client/discover.ts";
import { logFile, type StartOptions, startServer } from "../../../server/training/client/start.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { loadData } from "../../../server/training/loadData.ts";
import { createRun } from "../../../server/training/newRun.ts";
import { lengthsOf } from "../../../server/training/planning/memoryPlan.ts";
import { planRun } from "../../../server/training/planning/planRun.ts";
import type { ServerChoice, StartParams, StartPhase, StartResult } from "../messages.ts";
import { checkNode } from "./nodePath.ts";
import { type Staging, stagedServer } from "./stagedServer.ts";
import { alone } from "./startLock.ts";

/** Names the port on which .vscode/launch.json waits for the server; Debug Training takes a free one and attaches itself. */
const LAUNCH_PORT = "TOOLEXPANDER_INSPECT_TRAINING";

export interface Starting {
  /** Where the server is copied from and to; without it the one beside this code is started. */
  staging?: Staging;
  phase: (phase: StartPhase) => void;
}

/** Checks everything a person may have got wrong before a folder is made. Throws InputError for the first fault. */
export async function startRun(params: StartParams, starting: Starting): Promise<StartResult> {
  const { experiment: file, device, allow, another } = params;
  starting.phase("checking");
  if (params.nodePath) await checkNode(params.nodePath);
  const experiment = resolveExperiment(file, { ...(allow && { allow }), ...(device === undefined ? {} : { device }) });
  return alone(
    experiment,
    () => starting.phase("waiting"),
    async () => {
      const twins = another ? [] : liveRunsOf(experiment.file, experiment.runs);
      if (twins.length > 0) return { kind: "twins", folders: twins };
      starting.phase("checking");
      // A researcher's own reward is run by the training server alone, never in the editor's processes.
      const data = await loadData(experiment);
      if (experiment.device === "auto") starting.phase("testing");
      const plan = await planRun(experiment, lengthsOf(data));
      const options = await serverOptions(params, starting);
      starting.phase("starting");
      return serve(createRun(experiment, plan), options);
    },
  );
}

/** Starts a server for a run that has none. Throws InputError where that cannot be. */
export async function restartRun(folder: string, choice: ServerChoice, starting: Starting): Promise<StartResult> {
  if (choice.nodePath) await checkNode(choice.nodePath);
  const options = await serverOptions(choice, starting);
  starting.phase("starting");
  return serve(folder, options);
}

function liveRunsOf(file: string, runs: string): string[] {
  return findRuns([runs])
    .filter(({ live, record }) => live && record.experiment.file === file)
    .map(({ folder }) => folder);
}

async function serverOptions({ nodePath, inspect }: ServerChoice, { staging, phase }: Starting): Promise<StartOptions> {
  const port = inspect ? "0" : process.env[LAUNCH_PORT];
  // Under a debugger the server runs from where its source maps are.
  const entry = staging && port === undefined ? await stagedServer(staging, () => phase("copying")) : undefined;
  return {
    ...(nodePath ? { node: nodePath } : {}),
    ...(entry === undefined ? {} : { entry }),
    ...(port === undefined ? {} : { nodeOptions: [`--inspect=127.0.0.1:${port}`] }),
  };
}

async function serve(folder: string, options: StartOptions): Promise<StartResult> {
  const before = logText(folder).length;
  const started = await startServer(folder, options);
  if (!(started instanceof RunClient)) return { kind: "ended", folder };
  started.close(); // the observer makes a connection of its own
  const inspector = options.nodeOptions && inspectorPort(logText(folder).slice(before));
  if (options.nodeOptions && inspector === undefined) {
    throw new InputError("the run goes on, but its server opened no port for a debugger; its log is server.log there", {
      file: folder,
    });
  }
  return { kind: "live", folder, ...(inspector === undefined ? {} : { inspector }) };
}

function logText(folder: string): string {
  try {
    return readFileSync(logFile(folder), "utf8");
  } catch {
    return "";
  }
}

/** Node announces it in the first line it writes: `Debugger listening on ws://127.0.0.1:40123/…`. */
function inspectorPort(log: string): number | undefined {
  const port = /^Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//m.exec(log)?.[1];
  return port === undefined ? undefined : Number(port);
}
