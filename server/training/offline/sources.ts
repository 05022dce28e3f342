/** Whether an experiment is one of episodes, and what it then learns from. */
import { statSync } from "node:fs";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";

type Named = Pick<ResolvedExperiment, "preset" | "trajectories" | "file">;

/** Whether its files hold questions where others hold samples. */
export const isOfEpisodes = ({ preset, trajectories }: Named): boolean =>
  preset === "spark" || trajectories !== undefined;

/**
 * The file of trajectories that the experiment learns from.
 *
 * @throws InputError where it names none, has none yet, or has a preset that learns from samples
 */
export function trajectoriesOf({ preset, trajectories, file }: Named): string {
  if (preset !== "spark" && preset !== "sft") {
    const sentence = `This experiment has trajectories, and the preset "${preset}" learns from samples; take "spark" or "sft" to learn from them, or leave them out.`;
    throw new InputError(sentence, { file, key: "preset" });
  }
  if (trajectories === undefined) {
    const sentence = 'The preset "spark" learns from trajectories; name their file under trajectories.';
    throw new InputError(sentence, { file, key: "trajectories" });
  }
  if (statSync(trajectories, { throwIfNoEntry: false })?.isFile()) return trajectories;
  const sentence = `There are no trajectories yet; make them first: toolexpander generate ${file}`;
  throw new InputError(sentence, { file: trajectories });
}
