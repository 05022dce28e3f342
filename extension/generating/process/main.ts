/**
 * The process that generates trajectories and ends. A window that is closed ends it; the file then holds its whole waves, and whoever asks
 * again goes on with it.
 */
import { describe, InputError } from "../../../schemas/problem.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { generateFile } from "../../../server/training/spark/generateFile.ts";
import { takeKey } from "../../../server/training/spark/judges/endpoint/key.ts";
import { serveOne, type Tell } from "../../processes/serveOne.ts";
import { type GenerateMessage, GenerateRequest } from "../messages.ts";

/** For the judge to close its bridge, and the engine its device. Milliseconds. */
const GRACE_MS = 5000;

// Before any process is started that would inherit it.
const key = takeKey();

async function generated(
  { experiment: file, device }: GenerateRequest,
  tell: Tell<GenerateMessage>,
  signal: AbortSignal,
): Promise<void> {
  const experiment = resolveExperiment(file, device === undefined ? {} : { device });
  const { steps } = experiment.settings.spark;
  const { table, ...done } = await generateFile(experiment, {
    key,
    signal,
    say: (sentence) => void tell({ kind: "said", sentence }),
    progress: ({ stored, questions, turn, ended = 0 }) => {
      const wave = turn === undefined ? {} : { wave: { turn: turn + 1, turns: steps, ended } };
      void tell({ kind: "progress", stored, questions, ...wave });
    },
  });
  const { questions, skipped, correct: right, entropyBits } = table;
  const skippedCount = Object.values(skipped).reduce((sum, one) => sum + one, 0);
  await tell({ kind: "finished", ...done, questions, skipped: skippedCount, right, entropyBits });
}

serveOne<typeof GenerateRequest, GenerateMessage>({
  request: GenerateRequest,
  work: generated,
  refusal: (error) => (error instanceof InputError ? { kind: "refused", sentence: describe(error) } : undefined),
  grace: GRACE_MS,
});
