/** A run of hard sampling that trains until somebody stops it. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { listRuns } from "../../../server/store/runFolder.ts";
import { until } from "./until.ts";
import type { EditorWindow } from "./window.ts";
import { endlessQuickstartIn, TRAINED_MS } from "./workspaces.ts";

/** The quickstart with hard rows replaced, until somebody stops it. */
export function hardSamplingWorkspace(folder: string): string {
  const workspace = endlessQuickstartIn(folder);
  trainHardSamples(workspace);
  return workspace;
}

/** Makes the experiment one that replaces hard rows and takes hand edits. */
export function trainHardSamples(workspace: string): void {
  const experiment = path.join(workspace, "experiment.json");
  const settings: object = JSON.parse(readFileSync(experiment, "utf8"));
  writeFileSync(experiment, JSON.stringify({ ...settings, preset: "dmhs-replace" }));
}

/** Starts it from the palette and waits for its first hard sample. */
export async function startedRun(window: EditorWindow, workspace: string): Promise<RunReader> {
  await window.run("ToolExpander: Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  const run = listRuns(path.join(workspace, "runs"))[0]?.dir ?? "";
  const reader = await storeOf(run);
  await until("a hard sample", TRAINED_MS, () => reader.sampleStates().some(({ state }) => state.startsWith("hard")));
  return reader;
}

/** Opens a run's store once there is one. */
async function storeOf(run: string): Promise<RunReader> {
  let reader: RunReader | undefined;
  await until("the store", TRAINED_MS, () => {
    try {
      reader = new RunReader(run);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    return reader !== undefined;
  });
  if (reader === undefined) throw new Error("it is there by now");
  return reader;
}
