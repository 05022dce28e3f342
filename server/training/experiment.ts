/** From an experiment file to one frozen configuration with nothing left open. */
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
import { cacheFolder, isModelId } from "../prompts/modelCache.ts";
import { modelFolder } from "../prompts/modelFolder.ts";
import { check } from "../toolcalls/check.ts";
import { plain } from "../toolcalls/display.ts";
import { type JsonDocument, readJson } from "../toolcalls/documents.ts";
import { homesOf, liesWithin, linkOutOf, projectOf } from "../toolcalls/project.ts";
import { entryAt } from "../toolcalls/readable.ts";

/** Beside the experiment file: the researcher's own replacements, a file for each sample. */
const REPLACEMENTS_FOLDER = "replacements";

/** What the command line may set, over everything else. Its path is relative to the working directory. */
export interface Overrides {
  seed?: number;
  device?: string;
  threads?: number;
  steps?: number;
  runs?: string;
  /** Folders that the file may name besides its own project. */
  allow?: readonly string[];
  /** Another preset than the file's; the file's settings stay over it. */
  preset?: string;
  /** Over the file's settings. */
  settings?: Override<Settings>;
  name?: string;
  /** In place of the file's, and as there relative to it. */
  trajectories?: string;
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
  const homes = homesOf(document.file, chosen.allow);
  const at = (path: string, ...key: (string | number)[]): string => within(homes, resolve(folder, path), document, key);
  const fileAt = (path: string, ...key: (string | number)[]): string =>
    existing(at(path, ...key), "file", document, key);
  const { heldOut, demonstrations, initialAdapter, environment } = experiment;
  const { trajectories = experiment.trajectories } = chosen;
  if (initialAdapter !== undefined && settings.adapter.kind === "none") {
    const sentence = 'An adapter to start from needs settings.adapter.kind "lora"; without it every weight is trained.';
    throw new InputError(sentence, document.locate(["initialAdapter"]));
  }
  return deepFrozen({
    name: experiment.name,
    preset,
    scale,
    file: document.file,
    model: modelAt(experiment.model, folder, homes, document),
    initialAdapter: initialAdapter && weightsAt(resolve(folder, initialAdapter), homes, document, "initialAdapter"),
    tools: experiment.tools.map((path, index) => fileAt(path, "tools", index)),
    train: fileAt(experiment.train, "train"),
    heldOut: heldOut === undefined ? undefined : fileAt(heldOut, "heldOut"),
    demonstrations: demonstrations === undefined ? undefined : fileAt(demonstrations, "demonstrations"),
    replacements: at(REPLACEMENTS_FOLDER),
    rewardFile: isRewardName(settings.reward)
      ? undefined
      : ownFileAt(settings.reward, "A reward", document, ["settings", "reward"]),
    ...(environment && { environment: environmentAt(environment, fileAt, document) }),
    ...(trajectories !== undefined && { trajectories: at(trajectories, "trajectories") }),
    runs: chosen.runs ?? at(experiment.runs ?? "runs", "runs"),
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

function checkedOverrides({ device, runs, allow, preset, settings, name, ...numbers }: Overrides): CheckedOverrides {
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
    ...(allow && { allow: allow.map((folder) => resolve(folder)) }),
  };
}

function checkWhole(flag: string, value: number | undefined, lowest: number, highest: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= lowest && value <= highest)) return;
  throw new InputError(`${flag} must be a whole number from ${lowest} to ${highest}, but is ${value}.`);
}

/** A path that the file may name, whether or not anything is there. */
function within(homes: readonly string[], path: string, document: JsonDocument, key: (string | number)[]): string {
  if (liesWithin(homes, path)) return path;
  throw new InputError(`"${plain(path, 300)}" lies ${outside(document)}`, document.locate(key));
}

/** What is wrong, and what to do, for a path that an experiment may not name. */
const outside = ({ file }: Pick<JsonDocument, "file">): string =>
  `outside of the experiment's own project, "${plain(projectOf(file), 300)}"; put it there, or allow its folder with --allow on the command line or the setting toolexpander.allowedFolders in the editor.`;

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

function modelAt(name: string, base: string, homes: readonly string[], document: JsonDocument): string {
  // What the Hugging Face tools have downloaded is there because the person wanted it.
  const allowed = [...homes, cacheFolder()];
  const own = resolve(base, name);
  if (!isModelId(name)) within(allowed, own, document, ["model"]);
  const { folder: dir, problem } = modelFolder(name, base);
  if (dir === undefined) throw new InputError(problem, document.locate(["model"]));
  weightsAt(dir, allowed, document, "model");
  if (entryAt(join(dir, "config.json")) === undefined) {
    const sentence = `The folder "${plain(dir, 300)}" has no config.json; a Hugging Face model directory is needed.`;
    throw new InputError(sentence, document.locate(["model"]));
  }
  return dir;
}

/** A folder of a model's files or an adapter's, none of which is a link to where the experiment may not look. */
function weightsAt(path: string, homes: readonly string[], document: JsonDocument, key: string): string {
  existing(within(homes, path, document, [key]), "folder", document, [key]);
  const link = linkOutOf(homes, path);
  if (link === undefined) return path;
  throw new InputError(`The link "${plain(link, 300)}" leads ${outside(document)}`, document.locate([key]));
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
  const found = resolve(dirname(document.file), path);
  const project = projectOf(document.file);
  if (liesWithin([project], found)) return existing(found, kind, document, key);
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
  fileAt: (path: string, ...key: string[]) => string,
  document: JsonDocument,
): NonNullable<ResolvedExperiment["environment"]> {
  return {
    ...(functions !== undefined && {
      functions: ownFileAt(functions, "A file of tools", document, ["environment", "functions"]),
    }),
    ...(results !== undefined && { results: fileAt(results, "environment", "results") }),
  };
}

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (isObject(inner)) deepFrozen(inner);
  return Object.freeze(value);
}
