/** What episodes of an experiment are played in, checked before anything begins. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { notesOf } from "../../prompts/chat.ts";
import { loadChat } from "../../prompts/loadChat.ts";
import { loadCatalog, type ToolMap } from "../../toolcalls/catalog.ts";
import { Environment } from "./environment.ts";
import type { World } from "./episode.ts";
import { EpisodeRenderer } from "./episodeRenderer.ts";

export interface OpenWorld extends World {
  tools: ToolMap;
  /** What a person should know of how prompts are put, a sentence each. */
  notes: readonly string[];
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
  const { tokenizer, chat } = loadChat(model, settings.toolPrompt);
  const renderer = new EpisodeRenderer(tokenizer, chat, tools);
  return {
    tools,
    renderer,
    notes: notesOf(chat, settings.toolPrompt),
    environment: await Environment.open({ files: plays ? environment : recorded, limits: spark.functions, tools }),
    steps: spark.steps,
    prompt: lengths.prompt,
    observation: spark.observation,
  };
}
