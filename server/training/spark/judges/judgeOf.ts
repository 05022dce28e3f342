/** The judge that an experiment's settings name. */
import type { SparkSettings } from "../../../../schemas/spark.ts";
import { ExactJudge } from "./exact.ts";
import type { ActionJudge } from "./judge.ts";

export function judgeOf({ judge, threshold }: Pick<SparkSettings, "judge" | "threshold">): ActionJudge {
  switch (judge.kind) {
    case "exact":
      return new ExactJudge(threshold);
  }
}
