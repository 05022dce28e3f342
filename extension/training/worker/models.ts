/** The models that Choose Model offers. */
import { listModels } from "../../../server/training/models/modelList.ts";
import { sizeText } from "../../../server/training/models/sizeText.ts";
import type { CachedModels } from "../messages.ts";

export function trainableModels(cache: string): CachedModels {
  const models = listModels(cache).map(({ id, family, dtype, bytes, problem, toolPrompt }) => ({
    id,
    family,
    dtype,
    size: sizeText(bytes),
    told: toolPrompt === "system",
    ...(problem === undefined ? {} : { problem }),
  }));
  const rank = ({ problem }: { problem?: string }): number => (problem === undefined ? 0 : 1);
  return { cache, models: models.sort((left, right) => rank(left) - rank(right)) };
}
