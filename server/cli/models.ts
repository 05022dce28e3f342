/** `toolexpander models`: what there is to train. */
import { resolve } from "node:path";
import { cacheFolder } from "../prompts/modelCache.ts";
import { plain } from "../toolcalls/display.ts";
import { type ListedModel, listModels } from "../training/models/modelList.ts";
import { sizeText } from "../training/models/sizeText.ts";
import { ExitCode } from "./exit.ts";
import { outputFor } from "./output.ts";
import { tableText } from "./table.ts";

export function modelsCommand(options: { cache?: string; json?: boolean }): ExitCode {
  const cache = options.cache === undefined ? cacheFolder() : resolve(options.cache);
  const models = listModels(cache);
  outputFor(options.json ?? false).result({ cache, models }, () => textOf(models, cache));
  return ExitCode.done;
}

/** As a cell of the table. */
const TOLD_BY = { template: "its template", system: "system message" } as const;

function textOf(models: readonly ListedModel[], cache: string): string {
  if (models.length === 0)
    return `There is no model in ${plain(cache, 300)}. Download one, as with: hf download Qwen/Qwen2.5-0.5B-Instruct`;
  const table = tableText(
    ["model", "family", "dtype", "size", "tools told by", "can be trained"],
    models.map(({ id, family, dtype, bytes, toolPrompt, problem }) => [
      plain(id),
      plain(family),
      plain(dtype),
      sizeText(bytes),
      toolPrompt === undefined ? "" : TOLD_BY[toolPrompt],
      problem === undefined ? "yes" : `no: ${plain(problem, 200)}`,
    ]),
  );
  const lines = [table, "An experiment names one of them as its model by the name in the first column."];
  if (models.some(({ toolPrompt }) => toolPrompt === "system"))
    lines.push(
      "Where a chat template has no form of calls that rewards read, the system message tells of the tools (settings.toolPrompt).",
    );
  return lines.join("\n");
}
