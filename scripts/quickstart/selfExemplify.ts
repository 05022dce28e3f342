/**
 * A completion that first writes examples of the offered tools, then an analysis, then the answer. The analysis says the request
 * again: a small policy copies from what stands before the call, and that would otherwise be the values of its own examples.
 */
import { answerText } from "./completionText.ts";
import { type Phrasing, phrasingsOf } from "./phrasing.ts";
import type { Random } from "./random.ts";
import { type Conventions, drawRequest } from "./request.ts";
import type { Row } from "./row.ts";
import type { ToolSpec } from "./toolSpec.ts";

/** The self-exemplifying reward asks for more than three different examples. */
export const EXAMPLES = 4;

/** Characters of an example: short ones leave room for the call. The bound grows, since a row's tools may have none. */
const longest = (attempt: number): number => 90 + 3 * attempt;

function analysis(row: Row): string {
  const names = row.answer.map((call) => call.name);
  if (names.length === 0) return `Asked: ${row.query} No offered tool fits that.`;
  if (row.category === "parallel") return `Asked: ${row.query} That needs ${names[0]} twice.`;
  return `Asked: ${row.query} That needs ${names.join(" and ")}.`;
}

const briefest = (tool: ToolSpec): Phrasing =>
  phrasingsOf(tool, "warmup").reduce((best, one) => (one.template.length < best.template.length ? one : best));

/** What a self-exemplifying row of the warm-up completes its prompt with. */
export type Completing = (random: Random, row: Row, conventions: Conventions) => string;

export function selfExemplifyingCompletion(random: Random, row: Row, conventions: Conventions): string {
  const examples = new Set<string>();
  const order = random.shuffled(row.offered);
  for (let index = 0; examples.size < EXAMPLES; index++) {
    const tool = order[index % order.length];
    if (!tool) throw new RangeError("a row offers at least one tool");
    const { sentence, call } = drawRequest(random, "warmup", tool, [briefest(tool)], conventions);
    const example = JSON.stringify({ tool: tool.name, question: sentence, answer: call.arguments });
    if (example.length <= longest(index)) examples.add(example);
  }
  return [`<examples>`, ...examples, `</examples>`, analysis(row), answerText(row.answer)].join("\n");
}
