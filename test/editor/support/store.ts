/** What the store holds of the rows that a view has shown. */
import type { RolloutPhase } from "../../../schemas/run.ts";
import { RunReader } from "../../../server/store/reader.ts";
import type { ShownRow } from "./rolloutView.ts";

/** As the view names them. */
const phases: Record<string, RolloutPhase> = { training: "train", "held-out": "evaluation", probe: "probe" };

/** Rows of which the store holds no group with the same size, number of correct completions and mean reward. */
export function missingFromStore(runFolder: string, shown: readonly ShownRow[]): ShownRow[] {
  using reader = new RunReader(runFolder);
  return shown.filter((row) => {
    const phase = phases[row.phase];
    if (phase === undefined) return true;
    const stored = reader.rollouts({ phase, step: row.step, sample: row.sample, limit: 1000 });
    // A sample that was drawn twice in a step has two groups.
    const groups = Map.groupBy(stored.rows, ({ group }) => group);
    return ![...groups.values()].some((group) => {
      const correct = group.filter(({ outcome }) => outcome === "correct").length;
      const mean = group.reduce((sum, { reward }) => sum + reward, 0) / group.length;
      return (
        row.outcomes.startsWith(`${correct} of ${group.length} correct`) &&
        Number(row.reward.replace("−", "-")) === Number(mean.toFixed(2))
      );
    });
  });
}
