/**
 * The folder of the episodes' policy without its configuration and weights. What stands in every prompt, the sentence of the system and the
 * line of each tool, is one token each: a prompt is an eighth as long, and two cores learn from it in minutes.
 */
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { EpisodeRenderer } from "../../server/training/episodes/episodeRenderer.ts";
import { EPISODE_SYSTEM } from "../../server/training/episodes/messages.ts";
import { take } from "../policy/warmupStage.ts";
import { type Files, tokenizerFiles, withoutMerges } from "../quickstart/policyFiles.ts";
import { catalog, tools } from "./catalog.ts";
import { warmupEpisodes } from "./warmupEpisodes.ts";
import { warmupRow } from "./warmupRow.ts";

export const VOCABULARY_SIZE = 1024;

const TEXT_EPISODES = 4000;
const TEXT_SEED = 7;

export const sentences: readonly string[] = [EPISODE_SYSTEM, ...tools.map((tool) => JSON.stringify(tool.function))];

export function readersIn(dir: string): { tokenizer: Tokenizer; renderer: EpisodeRenderer } {
  const template = ChatTemplate.load(dir);
  const tokenizer = Tokenizer.load(dir);
  return { tokenizer, renderer: new EpisodeRenderer(tokenizer, template, catalog) };
}

function texts(): string[] {
  return withoutMerges((dir) => {
    const { tokenizer, renderer } = readersIn(dir);
    return take(warmupEpisodes(TEXT_SEED), TEXT_EPISODES).map((episode) => {
      const { prompt, target } = warmupRow(episode, renderer, tokenizer);
      return [prompt, target].map((tokens) => tokenizer.decode(tokens, { keepSpecial: true })).join("");
    });
  }, sentences);
}

export const policyFiles = (): Files => tokenizerFiles(texts(), VOCABULARY_SIZE, sentences);
