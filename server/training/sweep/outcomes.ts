/** What there is of a plan: the outcome of every run of it that has finished. */
import type { VariantOutcome } from "./comparison.ts";
import { outcomeOf } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { RunFinder } from "./runFinder.ts";

export function outcomesOf({ variants }: Plan, finder: RunFinder): VariantOutcome[] {
  return variants.map(({ name, runs }) => ({
    name,
    preset: runs[0]?.experiment.preset ?? "",
    runs: runs.flatMap(({ experiment }) => {
      const found = finder.find(experiment);
      return found?.record.state === "finished" ? [outcomeOf(found.folder, found.record)] : [];
    }),
  }));
}
