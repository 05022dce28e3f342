/** What tools answered before: recorded results by their calls. */
import { InputError } from "../../../schemas/problem.ts";
import { type Question, RecordedResult } from "../../../schemas/questions.ts";
import type { ToolMap } from "../../toolcalls/catalog.ts";
import { check } from "../../toolcalls/check.ts";
import { type JsonDocument, readJsonLines } from "../../toolcalls/documents.ts";
import { canonicalText } from "../../toolcalls/jsonSchema/canonical.ts";
import { unknownTool } from "../../toolcalls/rows.ts";

/** Results by the text that equal calls share. */
export type Results = ReadonlyMap<string, { result: unknown }>;

/** Equal calls have the same: keys in any order, 1 and 1.0 alike. */
export const callText = ({ name, arguments: values }: { name: string; arguments: object }): string =>
  canonicalText([name, values]);

/** @throws InputError on a line that is no result, a tool that no catalog defines, and a call whose result is there already */
export function loadResults(file: string, tools: ToolMap): Results {
  const results = new Map<string, { result: unknown; document: JsonDocument }>();
  for (const document of readJsonLines(file, { exactNumbers: true })) {
    const { call, result } = check<RecordedResult>(RecordedResult, document);
    if (!tools.has(call.name)) throw new InputError(unknownTool(call.name, tools), document.locate(["call", "name"]));
    const key = callText(call);
    const twin = results.get(key);
    if (twin !== undefined) {
      const sentence = `The result of this call is recorded on line ${twin.document.locate([]).line} already; keep one of them.`;
      throw new InputError(sentence, document.locate(["call"]));
    }
    results.set(key, { result, document });
  }
  return results;
}

const ofQuestions = new WeakMap<Question, Results>();

/** Those of a question alone; of two for one call the first counts. */
export function resultsOf(question: Question): Results {
  const known = ofQuestions.get(question);
  if (known !== undefined) return known;
  const { results = [] } = question;
  const found: Results = new Map(results.toReversed().map(({ call, result }) => [callText(call), { result }]));
  ofQuestions.set(question, found);
  return found;
}
