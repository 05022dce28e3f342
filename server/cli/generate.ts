/** `toolexpander generate`: trajectories of an experiment's questions, in a process of its own that may be ended at any moment. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DeviceChoice, ResolvedExperiment } from "../../schemas/experiment.ts";
import type { JudgingState } from "../../schemas/judging.ts";
import { InputError } from "../../schemas/problem.ts";
import type { Question } from "../../schemas/questions.ts";
import { plain } from "../toolcalls/display.ts";
import { EngineLost, isOutOfMemory } from "../training/engine/remote/errors.ts";
import { RemoteEngine } from "../training/engine/remote/proxy.ts";
import { type OpenWorld, openWorld } from "../training/episodes/openWorld.ts";
import { loadQuestions } from "../training/episodes/questions.ts";
import { resolveExperiment } from "../training/experiment.ts";
import { productVersion } from "../training/newRun.ts";
import { engineOptions } from "../training/server/supervisor.ts";
import { type GenerationProgress, generateTrajectories } from "../training/spark/generate.ts";
import { headerOf } from "../training/spark/header.ts";
import { openActionJudge } from "../training/spark/judges/actionJudge.ts";
import { takeKey } from "../training/spark/judges/endpoint/key.ts";
import type { ActionJudge } from "../training/spark/judges/judge.ts";
import { TrajectoryTally } from "../training/spark/trajectoryTable.ts";
import { ExitCode } from "./exit.ts";
import { generationReport } from "./generationReport.ts";
import { onOneDevice } from "./oneDevice.ts";
import { type Output, outputFor } from "./output.ts";

export interface GenerateCommandOptions {
  out?: string;
  /** Another file of questions than the experiment's. */
  questions?: string;
  seed?: number;
  device?: DeviceChoice;
  threads?: number;
  json?: boolean;
}

/** @throws InputError on a fault of the experiment or its files, and where the file was begun otherwise */
export async function generateCommand(file: string, options: GenerateCommandOptions): Promise<ExitCode> {
  const { json = false, questions: other, out, ...overrides } = options;
  // Before any process is started that would inherit it.
  const key = takeKey();
  const output = outputFor(json);
  const named = resolveExperiment(file, overrides);
  const experiment = await onOneDevice({ ...named, train: otherQuestions(other) ?? named.train }, output);
  const target = targetOf(experiment, out);
  const world = await openWorld(experiment);
  try {
    const questions = loadQuestions(experiment.train, world.tools);
    tellUnanswered(world, questions, output);
    return await generate(experiment, { world, questions, target, key, output });
  } finally {
    await world.environment.dispose();
  }
}

interface Prepared {
  world: OpenWorld;
  questions: readonly Question[];
  target: string;
  /** Of an endpoint that judges. */
  key: string | undefined;
  output: Output;
}

async function generate(
  experiment: ResolvedExperiment,
  { world, questions, target, key, output }: Prepared,
): Promise<ExitCode> {
  const { settings } = experiment;
  const stopping = new AbortController();
  const stop = (): void => {
    output.say("Stopping: what was stored stays.");
    stopping.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const tally = new TrajectoryTally();
  let [judge, engine]: [ActionJudge?, RemoteEngine?] = [];
  try {
    // Before the engine, which would wait in memory while nobody has come to give a key.
    judge = await judgeFor(experiment, { target, key, output }, stopping.signal);
    engine = await RemoteEngine.start(engineOptions(experiment));
    const header = headerOf(experiment, {
      product: productVersion(),
      judge: judge.identity,
      engine: engine.info,
      questions: questions.length,
    });
    const progress = progressLines(output, settings.spark.steps);
    const { signal } = stopping;
    await generateTrajectories(
      { experiment, questions, world, judge, engine, header, file: target, signal, progress },
      (line) => tally.add(line),
    );
  } catch (error) {
    // An engine that the terminal ended too has more to say than that it was cancelled.
    if (!stopping.signal.aborted) throw explained(error);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await judge?.close();
    await engine?.dispose().catch(() => {}); // it is of no further use
  }
  const table = tally.table();
  const complete = table.questions === questions.length;
  output.done();
  output.result({ file: target, complete, planned: questions.length, ...table }, () =>
    generationReport(target, questions.length, table, settings.spark.threshold),
  );
  return ExitCode.done;
}

/** One that asks a model says how it stands. */
function judgeFor(
  { settings: { spark } }: ResolvedExperiment,
  { target, key, output }: Pick<Prepared, "target" | "key" | "output">,
  signal: AbortSignal,
): Promise<ActionJudge> {
  let said: string | undefined;
  const tell = (sentence: string): void => {
    if (sentence !== said) output.say(sentence);
    said = sentence;
  };
  const judging = ({ reason }: JudgingState): void => {
    if (reason !== null) tell(reason);
  };
  return openActionJudge(spark, { trajectories: target, key, signal, tell, judging });
}

/** A dead engine costs the wave that was going on. */
function explained(error: unknown): unknown {
  if (!(error instanceof EngineLost) && !isOutOfMemory(error)) return error;
  return new InputError(
    `${(error as Error).message}. What was stored stays, and the same command goes on; where memory ran out, lower settings.sampling.maxSequences first.`,
  );
}

function otherQuestions(questions: string | undefined): string | undefined {
  if (questions === undefined) return undefined;
  if (existsSync(questions)) return resolve(questions);
  throw new InputError("There is no such file.", { file: questions });
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

function tellUnanswered({ environment }: OpenWorld, questions: readonly Question[], output: Output): void {
  const silent = environment.unanswered(
    questions.flatMap(({ tools, results = [] }) => {
      const recorded = new Set(results.map(({ call }) => call.name));
      return tools.filter((name) => !recorded.has(name));
    }),
  );
  if (silent.length === 0) return;
  const names = silent.slice(0, NAMED).map((name) => `"${plain(name)}"`);
  const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : "";
  output.say(
    `Nothing answers for ${names.join(", ")}${more} in some questions, neither a function nor a recorded result; calls of them have no result there.`,
  );
}

/** Milliseconds between two lines of one wave. */
const BETWEEN_LINES = 2000;

function progressLines(output: Output, steps: number): (progress: GenerationProgress) => void {
  let shown = Number.NEGATIVE_INFINITY;
  return ({ stored, questions, turn, ended }) => {
    const betweenWaves = turn === undefined;
    if (!betweenWaves && performance.now() - shown < BETWEEN_LINES) return;
    shown = performance.now();
    const wave = betweenWaves
      ? ""
      : `; turn ${turn + 1} of ${steps} at most, ${ended} of the wave's episodes have ended`;
    output.say(`${stored} of ${questions} questions stored${wave}`);
  };
}
