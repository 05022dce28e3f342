/** What a micro-batch of an update is fed besides the policy: its tokens, and what each of them is learnt with. */
import type { LearningSignal, UpdateRequest } from "../policyEngine.ts";
import { batchFeeds, type MicroBatch, tokenFeed } from "./batching/microBatch.ts";
import { inverseTemperature } from "./decoding/wave.ts";
import type { HostFeed } from "./runtime/session.ts";

export const temperatureFeed = (temperature: number): [string, HostFeed] => [
  "inverseTemperature",
  inverseTemperature(temperature),
];

/** @throws RangeError where the objective needs what a signal lacks, or an array is not as long as its completion */
export function updateFeeds(
  { groups, objective, temperature }: Pick<UpdateRequest, "groups" | "objective" | "temperature">,
  batch: MicroBatch,
): Map<string, HostFeed> {
  const feeds = batchFeeds(groups, batch).set(...temperatureFeed(temperature));
  const lay = (name: string, of: (signal: LearningSignal) => Float32Array | number | undefined): void => {
    const numbers = (group: number, completion: number) => {
      const place = `completion ${completion} of group ${group}`;
      const signal = groups[group]?.signals[completion];
      if (signal === undefined) throw new RangeError(`There is no learning signal for ${place}`);
      const found = of(signal);
      if (found === undefined) throw new RangeError(`The objective needs ${name}, which ${place} has not`);
      const length = groups[group]?.completions[completion]?.length;
      // A longer array would be learnt by the tokens that follow.
      if (typeof found !== "number" && found.length !== length)
        throw new RangeError(`There are ${found.length} ${name} for the ${length} tokens of ${place}`);
      return found;
    };
    feeds.set(name, tokenFeed(batch, numbers));
  };
  lay("weights", ({ weights }) => weights);
  if (objective.kind === "supervised") return feeds;
  lay("advantages", ({ advantage }) => advantage);
  lay("oldLogprobs", ({ oldLogprobs }) => oldLogprobs);
  if (objective.importanceCap !== undefined) lay("samplerLogprobs", ({ samplerLogprobs }) => samplerLogprobs);
  if (objective.beta > 0) lay("refLogprobs", ({ refLogprobs }) => refLogprobs);
  if (objective.kind !== "ppo") return feeds;
  lay("oldValues", ({ values }) => values?.old);
  lay("valueTargets", ({ values }) => values?.targets);
  lay("valueWeights", ({ values }) => values?.weights);
  return feeds;
}
