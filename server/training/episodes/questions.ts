/** Questions of a file, checked against the tool catalog. */
import { InputError } from "../../../schemas/problem.ts";
import { Question } from "../../../schemas/questions.ts";
import { argumentFaults, describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import type { ToolMap } from "../../toolcalls/catalog.ts";
import { plain } from "../../toolcalls/display.ts";
import type { JsonDocument } from "../../toolcalls/documents.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import { checkOffer, loadRows } from "../../toolcalls/rows.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";

/**
 * @throws InputError on an empty file, a line that is no question, an id that is used twice, a tool that is unknown or offered twice,
 * and a helpful call or a recorded result of a tool that is not offered, or with arguments that the tool does not take
 */
export function loadQuestions(file: string, tools: ToolMap): Question[] {
  return loadRows<Question>(Question, file, ["questions", "question"]).map(({ row: question, document }) => {
    checkOffer(question.tools, document, tools);
    checkCalls(question, document, tools);
    return question;
  });
}

function checkCalls(
  { tools: offered, uses = [], results = [] }: Question,
  document: JsonDocument,
  tools: ToolMap,
): void {
  const checkName = (name: string, path: (string | number)[]): void => {
    if (offered.includes(name)) return;
    const sentence = `The tool "${plain(name)}" is not among those that the question offers${endWithHint(name, offered)}`;
    throw new InputError(sentence, document.locate([...path, "name"]));
  };
  // A recorded result may well be a tool's complaint about wrong arguments.
  for (const [index, { call }] of results.entries()) checkName(call.name, ["results", index, "call"]);
  for (const [index, { call }] of uses.entries()) {
    const path = ["uses", index, "call"];
    checkName(call.name, path);
    const parameters = ToolSchema.of(tools.get(call.name)?.function.parameters);
    const [fault] = argumentFaults(parameters, { ...call.arguments });
    if (fault === undefined) continue;
    throw new InputError(
      describeArgumentFault(call.name, fault),
      document.locate([...path, "arguments", ...fault.path]),
    );
  }
}
