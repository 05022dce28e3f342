/**
 * Styles of prompts whose completions have a form of their own: thoughts first, and calls as ToolRL or Tool-N1 write them. Their tools stand in
 * the system message, since a chat template's own list of tools comes with the template's own form of calls. The wording is ours.
 */
import type { PromptStyle, ToolCall } from "../../schemas/samples.ts";
import type { Tool } from "../../schemas/tools.ts";

export interface FreeStyle {
  /** System message. */
  system(tools: readonly Tool[]): string;
  /**
   * What an assistant writes who makes these calls.
   *
   * @param refusal said where there are none
   * @param thought in place of a plain one
   */
  answer(calls: readonly ToolCall[], refusal: string, thought?: string): string;
}

const TOOLRL: FreeStyle = {
  system: (tools) =>
    `You answer requests, with the help of tools where they serve.

**Available Tools**
${tools.map(({ function: { name, description = "", parameters } }, index) => `${index + 1}. Name: ${name}\nDescription: ${description}\nParameters: ${JSON.stringify(propertiesOf(parameters))}`).join("\n")}

**Steps for Each Turn**
Think first: what is asked, and which tool does it. Then call the tools that are needed, or answer where none is.

**Output Format**
<think> your thoughts </think>
<tool_call>
{"name": "name of a tool", "parameters": {"name of a parameter": "its value"}}
{"name": "name of another tool", "parameters": {}}
</tool_call>
<response> your answer </response>

Always write <think>. Write <tool_call>, <response>, or both, each at most once, with every call as one JSON object on a line of its own.`,
  answer: (calls, refusal, thought) => {
    const lines = calls.map(({ name, arguments: parameters }) => JSON.stringify({ name, parameters }));
    const block =
      lines.length > 0 ? `<tool_call>\n${lines.join("\n")}\n</tool_call>` : `<response> ${refusal} </response>`;
    return `<think> ${thought || plainThought(calls)} </think>\n${block}`;
  },
};

const TOOL_N1: FreeStyle = {
  system: (tools) =>
    `You answer requests by calling tools. These are the tools, each as JSON:
<tools>
${tools.map(({ function: definition }) => JSON.stringify(definition)).join("\n")}
</tools>

Think first, inside <think></think>. Then write the calls inside <tool_call></tool_call>, as one JSON list; an empty list where no tool fits:
<think> your thoughts </think>
<tool_call>[{"name": "name of a tool", "arguments": {"name of a parameter": "its value"}}]</tool_call>`,
  answer: (calls, _refusal, thought) =>
    `<think> ${thought || plainThought(calls)} </think>\n<tool_call>${JSON.stringify(calls)}</tool_call>`,
};

const propertiesOf = (parameters: object | undefined): object =>
  (parameters as { properties?: object } | undefined)?.properties ?? {};

/** A target has to have some thoughts, and a gold answer has none. */
const plainThought = (calls: readonly ToolCall[]): string =>
  calls.length === 0 ? "None of the tools does this." : `This needs ${calls.map(({ name }) => name).join(", ")}.`;

const STYLES: Readonly<Record<PromptStyle, FreeStyle | undefined>> = {
  "tool-call": undefined,
  "self-exemplify": undefined,
  toolrl: TOOLRL,
  "tool-n1": TOOL_N1,
};

/** Undefined for the styles that leave tools and calls to the chat template. */
export const freeStyle = (style: PromptStyle): FreeStyle | undefined => STYLES[style];
