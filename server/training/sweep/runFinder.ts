/** Which run folder holds a planned run: one of the same configuration and the same inputs, whether it has ended or not. */
import { isDeepStrictEqual } from "node:util";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { InputFile, RunRecord } from "../../../schemas/run.ts";
import { listRuns } from "../../store/runFolder.ts";
import { inputsOf } from "../inputs.ts";

export interface FoundRun {
  folder: string;
  record: RunRecord;
}

export class RunFinder {
  /** Of the files that runs read, by their names: variants share them, and weights take long to read. */
  readonly #inputs = new Map<string, InputFile[]>();

  /** The newest finished one, else the newest; undefined where it was never begun. */
  find(experiment: ResolvedExperiment): FoundRun | undefined {
    const inputs = contents(this.#inputsOf(experiment), experiment);
    const found = listRuns(experiment.runs).flatMap((listed) =>
      "record" in listed &&
      isDeepStrictEqual(decisive(listed.record.experiment), decisive(experiment)) &&
      isDeepStrictEqual(contents(listed.record.inputs, listed.record.experiment), inputs)
        ? [{ folder: listed.dir, record: listed.record }]
        : [],
    );
    return found.find(({ record }) => record.state === "finished") ?? found[0];
  }

  #inputsOf(experiment: ResolvedExperiment): InputFile[] {
    const { model, initialAdapter, tools, train, heldOut, demonstrations, rewardFile } = experiment;
    const { preset, environment, trajectories } = experiment;
    const ofEpisodes = [environment, trajectories, preset];
    const key = JSON.stringify([model, initialAdapter, tools, train, heldOut, demonstrations, rewardFile, ofEpisodes]);
    const inputs = this.#inputs.get(key) ?? inputsOf(experiment);
    this.#inputs.set(key, inputs);
    return inputs;
  }
}

/** What decides the bits of a run: neither where it lies nor how many threads a machine has for it. */
function decisive({ runs, threads, file, ...rest }: ResolvedExperiment): unknown {
  return JSON.parse(JSON.stringify(rest));
}

/** The experiment file itself may change: what it says of this run was resolved. */
const contents = (inputs: readonly InputFile[], { file }: ResolvedExperiment): unknown =>
  inputs.filter((input) => input.file !== file).map((input) => [input.file, input.sha256]);
