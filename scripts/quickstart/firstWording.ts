/**
 * How self-exemplifying prompts and completions read when the micro policy's tokenizer was learnt and its warm-up began. Both are
 * functions of these words: another wording would be another tokenizer, and every token another one.
 */
import { SELF_EXEMPLIFY_SYSTEM } from "../../server/prompts/promptRenderer.ts";
import { answerText } from "./completionText.ts";
import { phrasingsOf } from "./phrasing.ts";
import type { Random } from "./random.ts";
import { type Conventions, drawRequest } from "./request.ts";
import type { Row } from "./row.ts";
import { EXAMPLES } from "./selfExemplify.ts";

const SYSTEM = `You answer requests by calling tools. Before you call one, show yourself how the tools are used.
First write at least four examples inside <examples></examples>. Write one JSON object on each line, with the keys "tool", \
"question" and "answer": the name of a tool, a request it fits, and the call that fulfils the request. No two examples may be alike.
Then write one sentence on what the request at hand needs.
Then make the call or calls.`;

/** A prompt of today in those words. */
export const inFirstWording = (prompt: string): string => prompt.replace(SELF_EXEMPLIFY_SYSTEM, () => SYSTEM);

function analysis(row: Row): string {
  const names = row.answer.map((call) => call.name);
  if (names.length === 0) return "No offered tool fits the request.";
  if (row.category === "parallel") return `The request needs ${names[0]} twice.`;
  return `The request needs ${names.join(" and ")}.`;
}

/** Whole calls as the examples' answers, and an analysis that names the tools alone. */
export function firstCompletion(random: Random, row: Row, conventions: Conventions): string {
  const examples = new Set<string>();
  const order = random.shuffled(row.offered);
  for (let index = 0; examples.size < EXAMPLES; index++) {
    const tool = order[index % order.length];
    if (!tool) throw new RangeError("a row offers at least one tool");
    const { sentence, call } = drawRequest(random, "warmup", tool, phrasingsOf(tool, "warmup"), conventions);
    examples.add(JSON.stringify({ tool: tool.name, question: sentence, answer: call }));
  }
  return ["<examples>", ...examples, "</examples>", analysis(row), answerText(row.answer)].join("\n");
}
