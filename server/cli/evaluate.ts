/** `toolexpander eval`: greedy accuracy of a policy on held-out samples. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ADAPTER_DEFAULTS } from "../../schemas/adapter.ts";
import type { DeviceChoice, ResolvedExperiment, Settings } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import { isRewardName, REWARD_NAMES } from "../../schemas/rewards.ts";
import { isModelId } from "../prompts/modelCache.ts";
import { modelFolder } from "../prompts/modelFolder.ts";
import { RECORD_FILE } from "../store/runFolder.ts";
import { plain } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { apiBankTasks } from "../training/benchmarks/apiBank.ts";
import { type Benchmark, benchmarkFor } from "../training/benchmarks/benchmark.ts";
import { bfclTasks } from "../training/benchmarks/bfcl.ts";
import { resolveRun } from "../training/client/discover.ts";
import type { Recorder } from "../training/context.ts";
import { Control } from "../training/control.ts";
import { loadHeldOut } from "../training/dataset.ts";
import { RemoteEngine } from "../training/engine/remote/proxy.ts";
import { playHeldOut } from "../training/episodes/evaluateEpisodes.ts";
import { evaluateRows } from "../training/evaluate.ts";
import { resolveExperiment } from "../training/experiment.ts";
import { loadHeldOutQuestions } from "../training/offline/loadEpisodeData.ts";
import { isOfEpisodes } from "../training/offline/sources.ts";
import { ForgottenIncidents } from "../training/ownReward/incidents.ts";
import { onOneDevice } from "../training/planning/oneDevice.ts";
import { rewardTable } from "../training/rewardTable.ts";
import type { RowRollouts } from "../training/rows.ts";
import { deviceOf, drawingEngineOptions } from "../training/server/supervisor.ts";
import { ADAPTER_FOLDER, exportedFolders, MODEL_FOLDER } from "../training/stages.ts";
import { episodesReport } from "./episodesReport.ts";
import { ExitCode } from "./exit.ts";
import { type Output, outputFor } from "./output.ts";
import { runsFolders } from "./runs.ts";
import { samplesReport } from "./samplesReport.ts";

export interface EvaluateOptions {
  model?: string;
  rows?: number;
  /** Another file of samples than the experiment's held-out ones. */
  samples?: string;
  /** Another reward than the experiment's: a name, or a file. */
  reward?: string;
  /** Folder of BFCL's data, or of API-Bank's, in place of samples. */
  bfcl?: string;
  category?: string[];
  apiBank?: string;
  device?: DeviceChoice;
  threads?: number;
  allow?: string[];
  runs?: string;
  json?: boolean;
}

export async function evaluateCommand(target: string, options: EvaluateOptions): Promise<ExitCode> {
  const output = outputFor(options.json ?? false);
  const experiment = experimentOf(target, options);
  if (isOfEpisodes(experiment) && options.bfcl === undefined && options.apiBank === undefined)
    return evaluateQuestions(experiment, options, output);
  const { rows, judge, notes } = await asked(experiment, options, output);
  for (const sentence of notes) output.say(sentence);
  const engine = await RemoteEngine.start(drawingEngineOptions(await onDevice(experiment, output)));
  try {
    const recorder = new ResultsRecorder(output);
    const run = { experiment, engine, control: new Control(), data: { judge }, recorder };
    const evaluation = await evaluateRows(run, rows, 0, "between");
    output.done();
    const { accuracy, categories, truncated, malformed } = evaluation;
    const rewards = rewardTable(recorder.results, experiment.seed);
    const reward = rewardName(experiment, options);
    output.result({ model: experiment.model, accuracy, categories, truncated, malformed, reward, rewards }, () =>
      samplesReport(experiment.model, evaluation, reward, rewards),
    );
    return ExitCode.done;
  } finally {
    await engine.dispose();
  }
}

/** Held-out questions, played by the policy. */
async function evaluateQuestions(
  experiment: ResolvedExperiment,
  { rows = Number.POSITIVE_INFINITY }: EvaluateOptions,
  output: Output,
): Promise<ExitCode> {
  const { heldOut, world } = await loadHeldOutQuestions(experiment);
  for (const sentence of world.notes) output.say(sentence);
  let engine: RemoteEngine | undefined;
  try {
    engine = await RemoteEngine.start(drawingEngineOptions(await onDevice(experiment, output)));
    const run = { experiment, engine, control: new Control(), recorder: new ResultsRecorder(output, "episodes") };
    const {
      step: _,
      moment: __,
      ...outcome
    } = await playHeldOut(run, { heldOut: heldOut.slice(0, rows), world }, 0, "between");
    output.done();
    output.result({ model: experiment.model, ...outcome }, () => episodesReport(experiment.model, outcome));
    return ExitCode.done;
  } finally {
    await engine?.dispose();
    await world.environment.dispose();
  }
}

const onDevice = (experiment: ResolvedExperiment, output: Output): Promise<ResolvedExperiment> =>
  onOneDevice(experiment, (sentence) => output.say(sentence));

/** The rows that the policy is asked, and who judges its answers. */
async function asked(
  experiment: ResolvedExperiment,
  { bfcl, category, apiBank, rows = Number.POSITIVE_INFINITY }: EvaluateOptions,
  output: Output,
): Promise<Benchmark> {
  const { model } = experiment;
  const { lengths, rewards, toolPrompt } = experiment.settings;
  if (bfcl !== undefined) {
    const tasks = bfclTasks(resolve(bfcl), rewards["bfcl-ast"], category).slice(0, rows);
    return benchmarkFor(model, toolPrompt, bfcl, tasks, lengths.prompt);
  }
  if (apiBank !== undefined)
    return benchmarkFor(model, toolPrompt, apiBank, apiBankTasks(resolve(apiBank)).slice(0, rows), lengths.prompt);
  const incidents = new ForgottenIncidents((sentence) => output.say(sentence));
  const { heldOut, ...how } = await loadHeldOut(experiment, incidents);
  return { rows: heldOut.slice(0, rows), ...how };
}

function rewardName({ settings }: ResolvedExperiment, { bfcl, apiBank }: EvaluateOptions): string {
  if (bfcl !== undefined) return "bfcl-ast";
  return apiBank === undefined ? settings.reward : "api-bank";
}

/** A folder, or a model of the Hugging Face cache. */
function named(model: string): string {
  const { folder, problem } = modelFolder(model, ".");
  if (folder === undefined && isModelId(model)) throw new InputError(problem);
  return folder ?? resolve(model);
}

/** An experiment file's own model, or the policy a run ended with; another model, samples or reward where they are given. */
function experimentOf(target: string, options: EvaluateOptions): ResolvedExperiment {
  const { model, device, threads, allow, runs } = options;
  const found = isExperimentFile(target) ? undefined : resolveRun(target, runsFolders(runs));
  const experiment = found
    ? found.record.experiment
    : resolveExperiment(target, {
        ...(device ? { device } : {}),
        ...(threads ? { threads } : {}),
        ...(allow ? { allow } : {}),
      });
  const chosen = { ...experiment, ...otherSamples(options), ...otherReward(experiment, options) };
  return {
    ...chosen,
    ...policyOf(chosen, found?.folder, model),
    device: device ?? (found?.record ? deviceOf(experiment, found.record.plan) : experiment.device),
    threads: threads ?? experiment.threads,
  };
}

/** The policy to evaluate: another model, what a run left behind, or what an experiment begins with. */
function policyOf(
  { settings, model, initialAdapter }: ResolvedExperiment,
  runFolder: string | undefined,
  other: string | undefined,
): Pick<ResolvedExperiment, "model" | "initialAdapter" | "settings"> {
  if (other !== undefined) return withoutAdapter(existingPolicy(named(other), false), settings);
  if (runFolder === undefined) return { model, initialAdapter, settings };
  if (exportedFolders(settings).includes(MODEL_FOLDER))
    return withoutAdapter(existingPolicy(join(runFolder, MODEL_FOLDER), true), settings);
  return { model, initialAdapter: existingPolicy(join(runFolder, ADAPTER_FOLDER), true), settings };
}

/** Weights that a run's adapter does not belong to, or that have it in them already. */
function withoutAdapter(model: string, settings: Settings) {
  return { model, initialAdapter: undefined, settings: { ...settings, adapter: ADAPTER_DEFAULTS } };
}

function existingPolicy(dir: string, ofRun: boolean): string {
  if (existsSync(dir)) return dir;
  const why = ofRun
    ? "the run has not finished, so it has no trained policy yet; resume it"
    : "there is no such model directory";
  throw new InputError(`${why}.`, { file: dir });
}

const otherSamples = ({ samples }: EvaluateOptions): Partial<ResolvedExperiment> =>
  samples === undefined ? {} : { heldOut: resolve(samples) };

function otherReward({ settings }: ResolvedExperiment, { reward }: EvaluateOptions): Partial<ResolvedExperiment> {
  if (reward === undefined) return {};
  if (isRewardName(reward)) return { settings: { ...settings, reward }, rewardFile: undefined };
  const rewardFile = resolve(reward);
  if (existsSync(rewardFile)) return { settings: { ...settings, reward }, rewardFile };
  throw new InputError(`There is no reward "${plain(reward)}"${endWithHint(reward, REWARD_NAMES)}`);
}

function isExperimentFile(target: string): boolean {
  return target.endsWith(".json") && !existsSync(join(target, RECORD_FILE));
}

/** Shows how far it is, and keeps the results alone. */
class ResultsRecorder implements Recorder {
  readonly results: RowRollouts[] = [];
  readonly #output: Output;
  readonly #what: string;
  #shown = 0;

  constructor(output: Output, what = "rows") {
    this.#output = output;
    this.#what = what;
  }

  progress(done: number, total: number): void {
    if (done < total && performance.now() - this.#shown < 2000) return;
    this.#shown = performance.now();
    this.#output.say(`${done} of ${total} ${this.#what}`);
  }
  rollouts(_purpose: string, _step: number, results: RowRollouts[]): void {
    this.results.push(...results);
  }
  activity(): void {}
  episodes(): void {}
  step(): void {}
  evaluation(): void {}
  probe(): void {}
  hard(): void {}
  fewShots(): void {}
  round(): void {}
  edited(): void {}
  collapse(): boolean {
    return false;
  }
  log(): void {}
}
