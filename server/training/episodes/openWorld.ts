/** What episodes of an experiment are played in, checked before anything begins. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { ChatTemplate } from "../../prompts/chatTemplate.ts";
import { loadCatalog, type ToolMap } from "../../toolcalls/catalog.ts";
import { loadTokenizer } from "../dataset.ts";
import { Environment } from "./environment.ts";
import type { World } from "./episode.ts";
import { EpisodeRenderer } from "./episodeRenderer.ts";

export interface OpenWorld extends World {
  tools: ToolMap;
}

/**
 * Whoever opens it disposes of its environment.
 * @param plays false where nothing is played: then the researcher's functions are not loaded
 * @throws InputError on a fault of catalogs, tokenizer, environment, and where the chat template cannot show an episode
 */
export async function openWorld(
  { model, tools: files, environment, settings }: ResolvedExperiment,
  plays = true,
): Promise<OpenWorld> {
  const { spark, lengths } = settings;
  const { functions: _, ...recorded } = environment ?? {};
  const tools = loadCatalog(files);
  const template = ChatTemplate.load(model);
  const renderer = new EpisodeRenderer(loadTokenizer(model, template), template, tools);
  return {
    tools,
    renderer,
    environment: await Environment.open({ files: plays ? environment : recorded, limits: spark.functions, tools }),
    steps: spark.steps,
    prompt: lengths.prompt,
    observation: spark.observation,
  };
}
