/** What a model directory brings for conversations: its tokenizer and its chat, which belong together. */
import type { ToolPrompt } from "../../schemas/experiment.ts";
import { chatOf } from "./chat.ts";
import { type Chat, ChatTemplate } from "./chatTemplate.ts";
import { readModelJson } from "./modelFile.ts";
import { checkTemplateTokens } from "./templateTokens.ts";
import { Tokenizer } from "./tokenizer.ts";

/** @throws InputError where tokenizer or template cannot be used, or do not belong together */
export function loadChat(model: string, toolPrompt: ToolPrompt): { tokenizer: Tokenizer; chat: Chat } {
  const template = ChatTemplate.load(model);
  const tokenizer = Tokenizer.load(model);
  checkVocabulary(model, tokenizer);
  checkTemplateTokens(tokenizer, template);
  return { tokenizer, chat: chatOf(template, toolPrompt) };
}

/** The engine says what else is wrong with a config.json; a tokenizer of another model would only show in its gradients. */
function checkVocabulary(model: string, tokenizer: Tokenizer): void {
  const { vocab_size: vocabulary } = readModelJson(model, "config.json");
  if (typeof vocabulary === "number") tokenizer.checkAgainst(vocabulary);
}
