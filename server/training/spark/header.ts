/** What made a file of trajectories, as its first line has it. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { Question } from "../../../schemas/questions.ts";
import { TRAJECTORY_FORMAT, type TrajectoryHeader } from "../../../schemas/trajectories.ts";
import { hashInput } from "../../store/hashInput.ts";
import type { EngineInfo } from "../engine/policyEngine.ts";
import type { EpisodeRenderer } from "../episodes/episodeRenderer.ts";
import { promptsHash } from "../episodes/promptsHash.ts";

export interface Maker {
  product: string;
  judge: string;
  engine: EngineInfo;
  questions: readonly Question[];
  renderer: EpisodeRenderer;
}

export function headerOf(
  experiment: ResolvedExperiment,
  { product, judge, engine, questions, renderer }: Maker,
): TrajectoryHeader {
  const { seed, model, initialAdapter, environment = {}, settings } = experiment;
  const sources = sourceHashes(experiment);
  const { judge: _named, ...spark } = settings.spark;
  return {
    trajectories: TRAJECTORY_FORMAT,
    product,
    seed,
    judge,
    settings: { ...spark, lengths: settings.lengths },
    model: {
      name: basename(model),
      sha256: hashOfFiles(filesIn(model)),
      ...(initialAdapter !== undefined && { adapter: hashOfFiles(filesIn(initialAdapter)) }),
    },
    engine: { device: engine.device, threads: engine.threads, runtime: engine.runtime },
    questions: { count: questions.length, sha256: sources.questions },
    tools: sources.tools,
    prompts: promptsHash(renderer, questions),
    environment: {
      ...(environment.functions !== undefined && { functions: hashInput(environment.functions).sha256 }),
      ...(environment.results !== undefined && { results: hashInput(environment.results).sha256 }),
    },
  };
}

/** Of the questions and of the catalogs of tools. */
export const sourceHashes = ({ train, tools }: Pick<ResolvedExperiment, "train" | "tools">) => ({
  questions: hashInput(train).sha256,
  tools: hashOfFiles(tools),
});

/** Of the names and contents of files, wherever they lie. */
function hashOfFiles(files: readonly string[]): string {
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${basename(file)} ${hashInput(file).sha256}\n`);
  return digest.digest("hex");
}

/** Those of a directory itself, and none of folders in it. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir)
    .sort()
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
