/** Tools, calls and results as plain text, for a chat template that has no form for them which anything here reads. */
import { InputError } from "../../schemas/problem.ts";
import type { Tool } from "../../schemas/tools.ts";
import { CALL_CLOSE, CALL_OPEN } from "../toolcalls/completion.ts";
import type { Chat, ChatMessage, ChatTemplate } from "./chatTemplate.ts";
import { dumps } from "./jinja/dumps.ts";
import { fromJson } from "./jinja/values.ts";
import { Work } from "./jinja/work.ts";

export class ToldTools implements Chat {
  readonly told = true;
  readonly #template: ChatTemplate;
  readonly #takesSystem: boolean;

  constructor(template: ChatTemplate) {
    this.#template = template;
    this.#takesSystem = takesSystem(template);
  }

  get file(): string {
    return this.#template.file;
  }

  render(messages: readonly ChatMessage[], tools: readonly Tool[], addGenerationPrompt: boolean): string {
    const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
    const turns = messages.filter(({ role }) => role !== "system").map(asText);
    const preface = [...system, ...(tools.length > 0 ? [toolsText(tools)] : [])].join("\n\n");
    const told = inTurns(
      preface === "" ? turns : [{ role: this.#takesSystem ? "system" : "user", content: preface }, ...turns],
    );
    return this.#template.render(told, [], addGenerationPrompt);
  }
}

/** As an assistant's text writes calls. */
export const callsText = (calls: readonly { name: string; arguments: object }[]): string =>
  calls
    .map(({ name, arguments: values }) => `${CALL_OPEN}\n${jsonText({ name, arguments: values })}\n${CALL_CLOSE}`)
    .join("\n");

/** As `json.dumps` writes it, which models have read most of. */
const jsonText = (value: object): string =>
  dumps(fromJson(value), { ensureAscii: false, indent: null, separators: [", ", ": "], sortKeys: false }, new Work());

/** The wording is ours, the form that of Hermes and Qwen. */
const toolsText = (tools: readonly Tool[]): string => `# Tools

These tools can be called, each as JSON:
<tools>
${tools.map(({ function: definition }) => jsonText(definition)).join("\n")}
</tools>

For each call write its name and arguments as one JSON object inside ${CALL_OPEN}${CALL_CLOSE}:
${CALL_OPEN}
{"name": "name of a tool", "arguments": {"name of a parameter": "its value"}}
${CALL_CLOSE}
Where none of the tools serves, say so.`;

/** A message without members that a template might write in a form of its own. */
function asText({ role, content, tool_calls: calls = [] }: ChatMessage): ChatMessage {
  if (role === "tool") return { role: "user", content: `<tool_response>\n${content}\n</tool_response>` };
  const written = callsText(calls.map((call) => call.function));
  return { role, content: [content, written].filter((text) => text !== "").join("\n") };
}

/** Many templates want user and assistant by turns: what one says in several messages becomes one. */
function inTurns(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) last.content += `\n\n${content}`;
    else turns.push({ role, content });
  }
  return turns;
}

const [SYSTEM, ASKED, SAID] = ["Say it in one word.", "Which probe is it?", "The second."];

/**
 * Whether a system message stands where it was put, whatever follows. Some templates refuse one, leave it out, or move it to the last
 * question, so that a prompt would not be the beginning of the conversation that it leads to.
 */
function takesSystem(template: ChatTemplate): boolean {
  const messages: ChatMessage[] = [
    { role: "system", content: SYSTEM },
    { role: "user", content: ASKED },
    { role: "assistant", content: SAID },
    { role: "user", content: ASKED },
  ];
  try {
    const prompt = template.render(messages.slice(0, 2), [], true);
    const whole = template.render(messages, [], true);
    const at = prompt.indexOf(SYSTEM);
    const isFirst = at !== -1 && at < prompt.indexOf(ASKED);
    return isFirst && whole.startsWith(prompt.trimEnd()) && whole.lastIndexOf(SYSTEM) === at;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
