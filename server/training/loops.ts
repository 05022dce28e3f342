/** Which loop trains what a preset names. */
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import type { Run } from "./context.ts";
import { learnStoredTurns } from "./offline/offline.ts";
import { train } from "./run.ts";
import { fineTune } from "./sft.ts";

export function loopOf({ preset }: Pick<ResolvedExperiment, "preset">): (run: Run) => Promise<void> {
  switch (preset) {
    case "sft":
      return fineTune;
    case "spark":
      return learnStoredTurns;
    default:
      return train;
  }
}
