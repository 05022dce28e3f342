/**
 * A file of trajectories from an experiment that names one, with all that it takes: the world, the judge, an engine in a process of its own.
 * Whatever ends it, the file is one that can be gone on with.
 */
import { resolve } from "node:path";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { JudgingState } from "../../../schemas/judging.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Question } from "../../../schemas/questions.ts";
import { plain } from "../../toolcalls/display.ts";
import { EngineLost, isOutOfMemory } from "../engine/remote/errors.ts";
import { RemoteEngine } from "../engine/remote/proxy.ts";
import { type OpenWorld, openWorld } from "../episodes/openWorld.ts";
import { loadQuestions } from "../episodes/questions.ts";
import { productVersion } from "../newRun.ts";
import { onOneDevice } from "../planning/oneDevice.ts";
import { drawingEngineOptions } from "../server/supervisor.ts";
import { type GenerationProgress, generateTrajectories } from "./generate.ts";
import { headerOf } from "./header.ts";
import { openActionJudge } from "./judges/actionJudge.ts";
import type { ActionJudge } from "./judges/judge.ts";
import { type TrajectoryTable, TrajectoryTally } from "./trajectoryTable.ts";

export interface GenerateFileOptions {
  /** In place of the experiment's own trajectories. */
  out?: string | undefined;
  /** Of an endpoint that judges. */
  key: string | undefined;
  /** Ends it behind the wave that was stored last. */
  signal: AbortSignal;
  /** Told what a person should know. */
  say(sentence: string): void;
  progress(progress: GenerationProgress): void;
}

export interface GeneratedFile {
  file: string;
  /** Questions that the experiment has. */
  planned: number;
  /** Of what was read or written before it ended. */
  table: TrajectoryTable;
}

/** @throws InputError on a fault of the experiment or its files, where the file was begun otherwise, and where judge or engine give up */
export async function generateFile(named: ResolvedExperiment, options: GenerateFileOptions): Promise<GeneratedFile> {
  const file = targetOf(named, options.out);
  const experiment = await onOneDevice(named, options.say);
  const world = await openWorld(experiment);
  for (const sentence of world.notes) options.say(sentence);
  try {
    const questions = loadQuestions(experiment.train, world.tools);
    tellUnanswered(world, questions, options.say);
    const table = await generateIn(world, { experiment, questions, file }, options);
    return { file, planned: questions.length, table };
  } finally {
    await world.environment.dispose();
  }
}

interface Planned {
  experiment: ResolvedExperiment;
  questions: readonly Question[];
  file: string;
}

async function generateIn(
  world: OpenWorld,
  { experiment, questions, file }: Planned,
  options: GenerateFileOptions,
): Promise<TrajectoryTable> {
  const { signal, progress } = options;
  const tally = new TrajectoryTally();
  let [judge, engine]: [ActionJudge?, RemoteEngine?] = [];
  try {
    // Before the engine, which would wait in memory while nobody has come to give a key.
    judge = await judgeFor(experiment, file, options);
    engine = await RemoteEngine.start(drawingEngineOptions(experiment));
    const header = headerOf(experiment, {
      product: productVersion(),
      judge: judge.identity,
      engine: engine.info,
      questions,
      renderer: world.renderer,
    });
    await generateTrajectories(
      { experiment, questions, world, judge, engine, header, file, signal, progress },
      (line) => tally.add(line),
    );
  } catch (error) {
    // An engine that the terminal ended too has more to say than that it was cancelled.
    if (!signal.aborted) throw explained(error);
  } finally {
    await judge?.close();
    await engine?.dispose().catch(() => {}); // it is of no further use
  }
  return tally.table();
}

/** One that asks a model says how it stands. */
function judgeFor(
  { settings: { spark } }: ResolvedExperiment,
  trajectories: string,
  { key, signal, say }: GenerateFileOptions,
): Promise<ActionJudge> {
  let said: string | undefined;
  const tell = (sentence: string): void => {
    if (sentence !== said) say(sentence);
    said = sentence;
  };
  const judging = ({ reason }: JudgingState): void => {
    if (reason !== null) tell(reason);
  };
  return openActionJudge(spark, { trajectories, key, signal, tell, judging });
}

/** A dead engine costs the wave that was going on. */
function explained(error: unknown): unknown {
  if (!(error instanceof EngineLost) && !isOutOfMemory(error)) return error;
  return new InputError(
    `${(error as Error).message}. What was stored stays, and the same command goes on; where memory ran out, lower settings.sampling.maxSequences first.`,
  );
}

function targetOf({ file, trajectories }: ResolvedExperiment, out: string | undefined): string {
  const target = out === undefined ? trajectories : resolve(out);
  if (target !== undefined) return target;
  throw new InputError("Nothing says where the trajectories go; name a file under trajectories, or with --out.", {
    file,
    key: "trajectories",
  });
}

/** Tools that are named where nothing answers for them. */
const NAMED = 5;

function tellUnanswered({ environment }: OpenWorld, questions: readonly Question[], say: (text: string) => void): void {
  const silent = environment.unanswered(
    questions.flatMap(({ tools, results = [] }) => {
      const recorded = new Set(results.map(({ call }) => call.name));
      return tools.filter((name) => !recorded.has(name));
    }),
  );
  if (silent.length === 0) return;
  const names = silent.slice(0, NAMED).map((name) => `"${plain(name)}"`);
  const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : "";
  say(
    `Nothing answers for ${names.join(", ")}${more} in some questions, neither a function nor a recorded result; calls of them have no result there.`,
  );
}
