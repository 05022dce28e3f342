/** Trajectories generated in this process, by the scripted policy. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { TrajectoryLine } from "../../../schemas/trajectories.ts";
import { openWorld } from "../episodes/openWorld.ts";
import { loadQuestions } from "../episodes/questions.ts";
import { type GenerationProgress, generateTrajectories } from "../spark/generate.ts";
import { headerOf } from "../spark/header.ts";
import { ExactJudge } from "../spark/judges/exact.ts";
import type { ActionJudge } from "../spark/judges/judge.ts";
import { PLAYER, type Script, ScriptedEngine } from "./scriptedEngine.ts";

export interface GenerationOptions {
  file?: string;
  judge?: ActionJudge;
  script?: Script;
  signal?: AbortSignal;
  progress?: (progress: GenerationProgress) => void;
}

/** @returns the lines that were heard */
export async function generated(
  experiment: ResolvedExperiment,
  options: GenerationOptions = {},
): Promise<TrajectoryLine[]> {
  const {
    judge = new ExactJudge(experiment.settings.spark.threshold),
    script = PLAYER,
    signal = new AbortController().signal,
  } = options;
  const engine = new ScriptedEngine({ ...experiment, device: "cpu" }, script);
  const world = await openWorld(experiment);
  const lines: TrajectoryLine[] = [];
  try {
    const questions = loadQuestions(experiment.train, world.tools);
    const header = headerOf(experiment, {
      product: "1.2.3",
      judge: judge.identity,
      engine: engine.info,
      questions,
      renderer: world.renderer,
    });
    const file = options.file ?? fileOf(experiment);
    const progress = options.progress ?? (() => {});
    await generateTrajectories(
      { experiment, questions, world, judge, engine, header, file, signal, progress },
      (line) => lines.push(line),
    );
    return lines;
  } finally {
    await world.environment.dispose();
  }
}

export const fileOf = (experiment: ResolvedExperiment): string =>
  experiment.trajectories ?? join(dirname(experiment.file), "none.trajectories.jsonl");

export const textOf = (experiment: ResolvedExperiment): string => readFileSync(fileOf(experiment), "utf8");
