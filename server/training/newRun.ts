/** A new run's folder and record: everything that is fixed before its server starts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunPlan } from "../../schemas/devices.ts";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { RUN_FORMAT } from "../../schemas/run.ts";
import { createRunFolder, writeRunRecord } from "../store/runFolder.ts";
import { runtimeVersion } from "./engine/onnx/runtime/version.ts";
import { inputsOf } from "./inputs.ts";

/** Makes the folder and returns its path. Throws InputError where it cannot be made or an input cannot be read. */
export function createRun(experiment: ResolvedExperiment, plan?: RunPlan): string {
  const folder = createRunFolder(experiment.runs, experiment.name);
  const now = new Date().toISOString();
  writeRunRecord(folder, {
    format: RUN_FORMAT,
    id: folder.slice(experiment.runs.length).replace(/^[\\/]+/, ""),
    name: experiment.name,
    created: now,
    experiment,
    ...(plan && { plan }),
    versions: { product: productVersion(), node: process.version, onnxruntime: runtimeVersion },
    inputs: inputsOf(experiment),
    state: "running",
    started: now,
  });
  return folder;
}

/** From the package this code lies in: two folders up in the source tree, one in the bundle. */
export function productVersion(): string {
  for (const up of ["../../package.json", "../package.json"]) {
    const file = join(import.meta.dirname, up);
    if (!existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
    if (name === "toolexpander" && version !== undefined) return version;
  }
  return "unknown";
}
