/** `toolexpander eval`: greedy accuracy of a policy on held-out samples. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import { RECORD_FILE } from "../store/runFolder.ts";
import { plain } from "../toolcalls/display.ts";
import { resolveRun } from "../training/client/discover.ts";
import { accuracyText } from "../training/client/text.ts";
import type { Recorder } from "../training/context.ts";
import { Control } from "../training/control.ts";
import { loadHeldOut } from "../training/dataset.ts";
import { RemoteEngine } from "../training/engine/remote/proxy.ts";
import { evaluateRows } from "../training/evaluate.ts";
import { resolveExperiment } from "../training/experiment.ts";
import { engineOptions } from "../training/server/supervisor.ts";
import { MODEL_FOLDER } from "../training/stages.ts";
import { ExitCode } from "./exit.ts";
import { type Output, outputFor } from "./output.ts";
import { runsFolders } from "./runs.ts";
import { tableText } from "./table.ts";

export interface EvaluateOptions {
  model?: string;
  rows?: number;
  device?: "cpu" | "webgpu";
  threads?: number;
  runs?: string;
  json?: boolean;
}

export async function evaluateCommand(target: string, options: EvaluateOptions): Promise<ExitCode> {
  const output = outputFor(options.json ?? false);
  const experiment = experimentOf(target, options);
  const { heldOut, judge } = await loadHeldOut(experiment);
  const engine = await RemoteEngine.start(engineOptions(experiment));
  try {
    const rows = options.rows === undefined ? heldOut : heldOut.slice(0, options.rows);
    const run = { experiment, engine, control: new Control(), data: { judge }, recorder: progressOnly(output) };
    const evaluation = await evaluateRows(run, rows, 0, "between");
    output.done();
    const { accuracy, categories, truncated, malformed } = evaluation;
    output.result({ model: experiment.model, accuracy, categories, truncated, malformed }, () =>
      reportOf(experiment.model, evaluation),
    );
    return ExitCode.done;
  } finally {
    await engine.dispose();
  }
}

/** An experiment file's own model, or the policy a run ended with; another model where one is given. */
function experimentOf(target: string, { model, device, threads, runs }: EvaluateOptions): ResolvedExperiment {
  const found = isExperimentFile(target) ? undefined : resolveRun(target, runsFolders(runs));
  const experiment = found
    ? found.record.experiment
    : resolveExperiment(target, { ...(device ? { device } : {}), ...(threads ? { threads } : {}) });
  const trained = found && join(found.folder, MODEL_FOLDER);
  const chosen = model === undefined ? (trained ?? experiment.model) : resolve(model);
  if (!existsSync(chosen)) {
    const why =
      found && model === undefined
        ? "the run has not finished, so it has no trained policy yet; resume it"
        : "there is no such model directory";
    throw new InputError(`${why}.`, { file: chosen });
  }
  return { ...experiment, model: chosen, device: device ?? experiment.device, threads: threads ?? experiment.threads };
}

function isExperimentFile(target: string): boolean {
  return target.endsWith(".json") && !existsSync(join(target, RECORD_FILE));
}

/** Shows how far it is, and keeps nothing. */
function progressOnly(output: Output): Recorder {
  let shown = 0;
  return {
    progress: (done, total) => {
      if (done < total && performance.now() - shown < 2000) return;
      shown = performance.now();
      output.say(`${done} of ${total} rows`);
    },
    activity: () => {},
    step: () => {},
    rollouts: () => {},
    evaluation: () => {},
    probe: () => {},
    hard: () => {},
    fewShots: () => {},
    round: () => {},
    edited: () => {},
    collapse: () => false,
    log: () => {},
  };
}

function reportOf(model: string, { accuracy, categories, truncated, malformed }: EvaluationEvent): string {
  const rows = Object.entries(categories).map(([name, part]) => [plain(name), accuracyText(part)]);
  return [
    `${model}: ${accuracyText(accuracy)}`,
    tableText(["category", "accuracy"], rows),
    `${truncated} cut at the length limit, ${malformed} with broken markup`,
  ].join("\n");
}
