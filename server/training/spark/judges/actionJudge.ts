/** The judge that an experiment's settings name. */
import type { SparkSettings } from "../../../../schemas/spark.ts";
import { ExactJudge } from "./exact.ts";
import type { ActionJudge } from "./judge.ts";
import { type JudgeParts, openJudge } from "./openJudge.ts";

/** @throws as openJudge */
export async function openActionJudge(
  { judge, threshold }: Pick<SparkSettings, "judge" | "threshold">,
  parts: JudgeParts,
): Promise<ActionJudge> {
  return judge.kind === "exact" ? new ExactJudge(threshold) : openJudge(judge, parts);
}
