/**
 * Conversations as a model reads them, with tools and calls in the form that rewards and episodes read. A chat template that has this form
 * brings it; for one that has another, or none, both are told in the texts of its messages.
 */
import type { ToolPrompt } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { Tool } from "../../schemas/tools.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import type { Chat, ChatMessage, ChatTemplate } from "./chatTemplate.ts";
import { ToldTools } from "./toldTools.ts";

/** @param toolPrompt who tells of the tools */
export function chatOf(template: ChatTemplate, toolPrompt: ToolPrompt): Chat {
  const told = toolPrompt === "system" || (toolPrompt === "auto" && !hasTheForm(template));
  return told ? new ToldTools(template) : template;
}

/** What a person should know of it, where `auto` did not leave it to the template. */
export const notesOf = ({ told }: Chat, toolPrompt: ToolPrompt): string[] =>
  told && toolPrompt === "auto" ? [TOLD] : [];

const TOLD =
  "The chat template of this model has no form of calls that rewards read, so the system message shows the tools and such a form " +
  "(settings.toolPrompt).";

/** Texts that no template writes by itself. */
const [NAME, QUERY] = ["find_the_probe", "Which of the probes is it?"];
const ARGUMENTS = { probe: "the second" };

const PROBE: Tool = {
  type: "function",
  function: {
    name: NAME,
    description: "Finds a probe.",
    parameters: { type: "object", properties: { probe: { type: "string" } }, required: ["probe"] },
  },
};
const QUESTION: ChatMessage = { role: "user", content: QUERY };
const CALL: ChatMessage = {
  role: "assistant",
  content: "",
  tool_calls: [{ type: "function", function: { name: NAME, arguments: ARGUMENTS } }],
};

/** Whether a template writes a call so that it is read as the same call. One that does and shows no tools has its reasons, as where they never change. */
function hasTheForm(template: ChatTemplate): boolean {
  try {
    const answered = template.render([QUESTION, CALL], [PROBE], false);
    const turn = answered.slice(answered.lastIndexOf(QUERY) + QUERY.length);
    const { calls, formatOk } = parseCompletion(turn);
    return formatOk && JSON.stringify(calls) === JSON.stringify([{ name: NAME, arguments: ARGUMENTS }]);
  } catch (error) {
    // A template that fails on calls has no form for them.
    if (error instanceof InputError) return false;
    throw error;
  }
}
