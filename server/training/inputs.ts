/** The files a run reads, and whether they are still those it began with: a resumed run is only then the same run. */
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { InputFile, RunRecord } from "../../schemas/run.ts";
import { hashInput } from "../store/hashInput.ts";
import { isOfEpisodes, trajectoriesOf } from "./offline/sources.ts";

type Inputs = Pick<RunRecord, "inputs" | "experiment">;

/** Larger files, which are weights, are told by their size alone: reading them would hold a server up at every start. */
const HASHED = 64 * 2 ** 20;

/** Every file the run reads, with its hash; of the directories of model and adapter, the files themselves and no folders in them. */
export function inputsOf(experiment: ResolvedExperiment): InputFile[] {
  const { file, model, initialAdapter, tools, train, heldOut, demonstrations, rewardFile } = experiment;
  const { functions, results } = experiment.environment ?? {};
  const ofEpisodes = isOfEpisodes(experiment) ? [trajectoriesOf(experiment), functions, results] : [];
  const filesIn = (dir: string) =>
    readdirSync(dir)
      .sort()
      .map((name) => join(dir, name))
      .filter((path) => statSync(path).isFile());
  const ofModel = [model, initialAdapter].flatMap((dir) => (dir === undefined ? [] : filesIn(dir)));
  const files = [file, ...tools, train, heldOut, demonstrations, rewardFile, ...ofEpisodes].filter(
    (path) => path !== undefined,
  );
  return [...files, ...ofModel].map((path) => hashInput(path));
}

/**
 * Compares a run's inputs with its record. The experiment file may change: the record holds what was resolved from it.
 *
 * @throws InputError naming the first file that is gone or has changed
 */
export async function checkInputs({ inputs, experiment }: Inputs): Promise<void> {
  await check(
    inputs.filter(({ file }) => file !== experiment.file),
    "or start a new run",
  );
}

/**
 * Compares the model directory alone, for what is made of it and of a checkpoint.
 *
 * @throws InputError naming the first file that is gone or has changed
 */
export async function checkModel({ inputs, experiment }: Inputs): Promise<void> {
  await check(
    inputs.filter(({ file }) => dirname(file) === experiment.model),
    "since a checkpoint is only whole together with the model that the run began with",
  );
}

async function check(inputs: readonly InputFile[], otherwise: string): Promise<void> {
  for (const input of inputs) {
    const size = statSync(input.file, { throwIfNoEntry: false })?.size;
    const same = size === input.bytes && (size > HASHED || hashInput(input.file).sha256 === input.sha256);
    if (!same) {
      const what = size === undefined ? "is gone" : "has changed";
      throw new InputError(`The file ${what} since the run began; put it back as it was, ${otherwise}.`, {
        file: input.file,
      });
    }
    await turn();
  }
}
