/** Questions of a file, checked against the tool catalog. */
import { InputError } from "../../../schemas/problem.ts";
import { Question } from "../../../schemas/questions.ts";
import { argumentFaults, describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import type { ToolMap } from "../../toolcalls/catalog.ts";
import { check } from "../../toolcalls/check.ts";
import { plain } from "../../toolcalls/display.ts";
import { type JsonDocument, readJsonLines } from "../../toolcalls/documents.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";

/**
 * @throws InputError on an empty file, a line that is no question, an id that is used twice, a tool that is unknown or offered twice,
 * and a helpful call or a recorded result of a tool that is not offered, or with arguments that the tool does not take
 */
export function loadQuestions(file: string, tools: ToolMap): Question[] {
  const documents = readJsonLines(file, { exactNumbers: true });
  if (documents.length === 0) throw new InputError("The file holds no questions; write one on each line.", { file });
  const lines = new Map<string, number | undefined>();
  return documents.map((document) => {
    const question = check<Question>(Question, document);
    if (lines.has(question.id)) {
      const sentence = `The id "${plain(question.id)}" is already used on line ${lines.get(question.id)}; every question needs its own.`;
      throw new InputError(sentence, document.locate(["id"]));
    }
    lines.set(question.id, document.locate([]).line);
    checkOffer(question, document, tools);
    checkCalls(question, document, tools);
    return question;
  });
}

function checkOffer({ tools: offered }: Question, document: JsonDocument, tools: ToolMap): void {
  for (const [index, name] of offered.entries()) {
    const place = () => document.locate(["tools", index]);
    if (!tools.has(name))
      throw new InputError(`No catalog defines the tool "${plain(name)}"${endWithHint(name, tools.keys())}`, place());
    if (offered.indexOf(name) !== index)
      throw new InputError(`The tool "${plain(name)}" is offered twice; name it once.`, place());
  }
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
