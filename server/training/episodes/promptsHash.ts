/** Whether questions still render to the same tokens: tokenizer, chat template, tools and questions in one number. */
import { createHash } from "node:crypto";
import type { Question } from "../../../schemas/questions.ts";
import type { EpisodeRenderer } from "./episodeRenderer.ts";

/** SHA-256 of the first prompts of all questions, as tokens. */
export function promptsHash(
  renderer: Pick<EpisodeRenderer, "prompt">,
  questions: readonly Pick<Question, "id" | "query" | "tools">[],
): string {
  const digest = createHash("sha256");
  for (const question of questions) digest.update(`${renderer.prompt(question, []).tokens.join()}\n`);
  return digest.digest("hex");
}
