/** From an experiment file to one frozen configuration with nothing left open. */
import { type Stats, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { contradictionsIn } from "../../schemas/contradictions.ts";
import {
  DEVICE_CHOICES,
  ExperimentFile,
  MEMORY_SETTINGS,
  type PresetName,
  type ResolvedExperiment,
  type Settings,
} from "../../schemas/experiment.ts";
import type { JudgeChoice } from "../../schemas/judges.ts";
import { merged, type Override } from "../../schemas/override.ts";
import { DEFAULT_SCALE, PRESETS } from "../../schemas/presets.ts";
import { InputError } from "../../schemas/problem.ts";
import { isRewardName } from "../../schemas/rewards.ts";
import { resolveSettings } from "../../schemas/settings.ts";
import { modelFolder } from "../prompts/modelFolder.ts";
import { check } from "../toolcalls/check.ts";
import { plain } from "../toolcalls/display.ts";
import { type JsonDocument, readJson } from "../toolcalls/documents.ts";
import { liesIn, projectOf } from "./project.ts";

/** Beside the experiment file: the researcher's own replacements, a file for each sample. */
const REPLACEMENTS_FOLDER = "replacements";

/** What the command line may set, over everything else. Its path is relative to the working directory. */
export interface Overrides {
  seed?: number;
  device?: string;
  threads?: number;
  steps?: number;
  runs?: string;
  /** Another preset than the file's; the file's settings stay over it. */
  preset?: string;
  /** Over the file's settings. */
  settings?: Override<Settings>;
  name?: string;
}

/**
 * Preset, scale, the file's settings and the overrides, merged field by field in this order.
 * @throws InputError on a fault of the file, a path that leads nowhere, settings that contradict one another, and an
 * override out of range
 */
export function resolveExperiment(file: string, overrides: Overrides): ResolvedExperiment {
  const document = readJson(resolve(file));
  const chosen = checkedOverrides(overrides);
  const own = check<ExperimentFile>(ExperimentFile, document);
  const { name = own.name, preset: named = own.preset } = chosen;
  const experiment = { ...own, name, preset: named, settings: merged(own.settings ?? {}, chosen.settings ?? {}) };
  const { preset, scale = DEFAULT_SCALE } = experiment;
  const settings = resolveSettings(experiment, chosen.steps);
  const [contradiction] = contradictionsIn(preset, settings);
  if (contradiction !== undefined)
    throw new InputError(contradiction.sentence, document.locate(["settings", ...contradiction.key]));

  const set = MEMORY_SETTINGS.filter((name) =>
    name === "maxSequences"
      ? experiment.settings.sampling?.maxSequences !== undefined
      : experiment.settings.optimizer?.microBatchTokens !== undefined,
  );
  const folder = dirname(document.file);
  const { spark } = settings;
  const fileAt = (path: string, ...key: (string | number)[]): string =>
    existing(resolve(folder, path), "file", document, key);
  const { heldOut, demonstrations, initialAdapter, environment, trajectories } = experiment;
  if (initialAdapter !== undefined && settings.adapter.kind === "none") {
    const sentence = 'An adapter to start from needs settings.adapter.kind "lora"; without it every weight is trained.';
    throw new InputError(sentence, document.locate(["initialAdapter"]));
  }
  return deepFrozen({
    name: experiment.name,
    preset,
    scale,
    file: document.file,
    model: modelAt(experiment.model, folder, document),
    initialAdapter: initialAdapter && existing(resolve(folder, initialAdapter), "folder", document, ["initialAdapter"]),
    tools: experiment.tools.map((path, index) => fileAt(path, "tools", index)),
    train: fileAt(experiment.train, "train"),
    heldOut: heldOut === undefined ? undefined : fileAt(heldOut, "heldOut"),
    demonstrations: demonstrations === undefined ? undefined : fileAt(demonstrations, "demonstrations"),
    replacements: resolve(folder, REPLACEMENTS_FOLDER),
    rewardFile: isRewardName(settings.reward)
      ? undefined
      : ownFileAt(settings.reward, "A reward", document, ["settings", "reward"]),
    ...(environment && { environment: environmentAt(environment, document) }),
    ...(trajectories !== undefined && { trajectories: resolve(folder, trajectories) }),
    runs: chosen.runs ?? resolve(folder, experiment.runs ?? "runs"),
    // Not "auto": an experiment that says nothing gives the same bits wherever it is run.
    device: chosen.device ?? experiment.device ?? "cpu",
    threads: chosen.threads ?? experiment.threads ?? availableParallelism(),
    seed: chosen.seed ?? experiment.seed ?? 0,
    settings: { ...settings, spark: { ...spark, judge: judgeAt(spark.judge, document) } },
    ...(set.length > 0 && { set }),
  });
}

const isPreset = (name: string): name is PresetName => Object.hasOwn(PRESETS, name);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

type CheckedOverrides = Omit<Overrides, "device" | "preset"> & Partial<Pick<ResolvedExperiment, "device" | "preset">>;

function checkedOverrides({ device, runs, preset, settings, name, ...numbers }: Overrides): CheckedOverrides {
  checkWhole("--seed", numbers.seed, 0, 2 ** 32 - 1);
  checkWhole("--threads", numbers.threads, 1, 1024);
  checkWhole("--steps", numbers.steps, 1, Number.MAX_SAFE_INTEGER);
  const named = DEVICE_CHOICES.find((choice) => choice === device);
  if (device !== undefined && named === undefined) {
    throw new InputError(`--device must be one of ${DEVICE_CHOICES.join(", ")}, but is "${plain(device)}".`);
  }
  if (preset !== undefined && !isPreset(preset)) {
    throw new InputError(`--preset must be one of ${Object.keys(PRESETS).join(", ")}, but is "${plain(preset)}".`);
  }
  return {
    ...numbers,
    ...(preset !== undefined && { preset }),
    ...(settings && { settings }),
    ...(name !== undefined && { name }),
    ...(named && { device: named }),
    ...(runs !== undefined && { runs: resolve(runs) }),
  };
}

function checkWhole(flag: string, value: number | undefined, lowest: number, highest: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= lowest && value <= highest)) return;
  throw new InputError(`${flag} must be a whole number from ${lowest} to ${highest}, but is ${value}.`);
}

function existing(path: string, kind: "file" | "folder", document: JsonDocument, key: (string | number)[]): string {
  const entry = entryAt(path);
  if (entry === undefined) {
    throw new InputError(`There is no ${kind} "${plain(path, 300)}" that can be read.`, document.locate(key));
  }
  const right = kind === "file" ? entry.isFile() : entry.isDirectory();
  if (!right)
    throw new InputError(`A ${kind} is needed here, which "${plain(path, 300)}" is not.`, document.locate(key));
  return path;
}

/** Undefined where there is nothing, or nothing that may be looked at. */
function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function modelAt(name: string, base: string, document: JsonDocument): string {
  const { folder: dir, problem } = modelFolder(name, base);
  if (dir === undefined) throw new InputError(problem, document.locate(["model"]));
  existing(dir, "folder", document, ["model"]);
  if (entryAt(join(dir, "config.json")) === undefined) {
    const sentence = `The folder "${plain(dir, 300)}" has no config.json; a Hugging Face model directory is needed.`;
    throw new InputError(sentence, document.locate(["model"]));
  }
  return dir;
}

/** Code that a run executes has to belong to the same project as the experiment, links followed. */
function ownFileAt(path: string, what: string, document: JsonDocument, key: string[]): string {
  return ownAt(path, { kind: "file", what }, document, key);
}

function ownAt(
  path: string,
  { kind, what }: { kind: "file" | "folder"; what: string },
  document: JsonDocument,
  key: string[],
): string {
  const found = existing(resolve(dirname(document.file), path), kind, document, key);
  const project = projectOf(document.file);
  if (liesIn(project, found)) return found;
  const sentence = `${what} must lie in the experiment's own project, "${plain(project, 300)}", which this ${kind} does not.`;
  throw new InputError(sentence, document.locate(key));
}

/** With the folder of its cache as a path, which has to lie in the same project. */
function judgeAt(judge: JudgeChoice, document: JsonDocument): JudgeChoice {
  if (judge.kind === "exact" || judge.cache === undefined) return judge;
  const key = ["settings", "spark", "judge", "cache"];
  return { ...judge, cache: ownAt(judge.cache, { kind: "folder", what: "A judge's cache" }, document, key) };
}

function environmentAt(
  { functions, results }: NonNullable<ExperimentFile["environment"]>,
  document: JsonDocument,
): NonNullable<ResolvedExperiment["environment"]> {
  const recorded = results === undefined ? undefined : resolve(dirname(document.file), results);
  return {
    ...(functions !== undefined && {
      functions: ownFileAt(functions, "A file of tools", document, ["environment", "functions"]),
    }),
    ...(recorded !== undefined && { results: existing(recorded, "file", document, ["environment", "results"]) }),
  };
}

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (isObject(inner)) deepFrozen(inner);
  return Object.freeze(value);
}
