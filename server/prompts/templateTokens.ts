/** Whether a tokenizer knows the tokens that a chat template writes. One of another model cuts them into pieces that no policy has learnt. */
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import type { ChatMessage, ChatTemplate } from "./chatTemplate.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** How the families write tokens that mark turns: `<|im_start|>`, or with full-width bars. */
const MARKS = /<[|｜][^\s<>|｜]{1,64}[|｜]>/g;

const CONVERSATION: ChatMessage[] = [
  { role: "user", content: "a" },
  { role: "assistant", content: "b" },
  { role: "user", content: "c" },
];

/** @throws InputError naming the first token of the template that the tokenizer does not have */
export function checkTemplateTokens(tokenizer: Tokenizer, template: ChatTemplate): void {
  for (const mark of new Set(marksOf(template))) {
    const pieces = tokenizer.encode(mark).length;
    if (pieces === 1) continue;
    throw new InputError(
      `The chat template writes "${plain(mark)}", which is no token of this model: its tokenizer cuts it into ${pieces} pieces. Take template and tokenizer of the same model.`,
      { file: template.file },
    );
  }
}

function marksOf(template: ChatTemplate): string[] {
  try {
    return template.render(CONVERSATION, [], true).match(MARKS) ?? [];
  } catch (error) {
    // What it fails on may be this conversation; that it fails on a row is said with the row.
    if (error instanceof InputError) return [];
    throw error;
  }
}
