/** A completion that first writes examples of the offered tools, then an analysis, then the answer. */
import { answerText } from "./completionText.ts";
import { phrasingsOf } from "./phrasing.ts";
import type { Random } from "./random.ts";
import { type Conventions, drawRequest } from "./request.ts";
import type { Row } from "./row.ts";

/** The self-exemplifying reward asks for more than three different examples. */
const EXAMPLES = 4;

function analysis(row: Row): string {
  const names = row.answer.map((call) => call.name);
  if (names.length === 0) return "No offered tool fits the request.";
  if (row.category === "parallel") return `The request needs ${names[0]} twice.`;
  return `The request needs ${names.join(" and ")}.`;
}

export function selfExemplifyingCompletion(random: Random, row: Row, conventions: Conventions): string {
  const examples = new Set<string>();
  const order = random.shuffled(row.offered);
  for (let index = 0; examples.size < EXAMPLES; index++) {
    const tool = order[index % order.length];
    if (!tool) throw new RangeError("a row offers at least one tool");
    const { sentence, call } = drawRequest(random, "warmup", tool, phrasingsOf(tool, "warmup"), conventions);
    examples.add(JSON.stringify({ tool: tool.name, question: sentence, answer: call }));
  }
  return [`<examples>`, ...examples, `</examples>`, analysis(row), answerText(row.answer)].join("\n");
}
