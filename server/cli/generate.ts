/** `toolexpander generate`: trajectories of an experiment's questions, in a process of its own that may be ended at any moment. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DeviceChoice } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import { resolveExperiment } from "../training/experiment.ts";
import type { GenerationProgress } from "../training/spark/generate.ts";
import { generateFile } from "../training/spark/generateFile.ts";
import { takeKey } from "../training/spark/judges/endpoint/key.ts";
import { ExitCode } from "./exit.ts";
import { generationReport } from "./generationReport.ts";
import { type Output, outputFor } from "./output.ts";

export interface GenerateCommandOptions {
  out?: string;
  /** Another file of questions than the experiment's. */
  questions?: string;
  seed?: number;
  device?: DeviceChoice;
  threads?: number;
  allow?: string[];
  json?: boolean;
}

/** @throws as generateFile */
export async function generateCommand(file: string, options: GenerateCommandOptions): Promise<ExitCode> {
  const { json = false, questions, out, ...overrides } = options;
  // Before any process is started that would inherit it.
  const key = takeKey();
  const output = outputFor(json);
  const named = resolveExperiment(file, overrides);
  const experiment = { ...named, train: otherQuestions(questions) ?? named.train };
  const stopping = new AbortController();
  const stop = (): void => {
    output.say("Stopping: what was stored stays.");
    stopping.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const { spark } = experiment.settings;
    const generated = await generateFile(experiment, {
      out,
      key,
      signal: stopping.signal,
      say: (sentence) => output.say(sentence),
      progress: progressLines(output, spark.steps),
    });
    const { file: written, planned, table } = generated;
    output.done();
    output.result({ file: written, complete: table.questions === planned, planned, ...table }, () =>
      generationReport(written, planned, table, spark.threshold),
    );
    return ExitCode.done;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

function otherQuestions(questions: string | undefined): string | undefined {
  if (questions === undefined) return undefined;
  if (existsSync(questions)) return resolve(questions);
  throw new InputError("There is no such file.", { file: questions });
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
