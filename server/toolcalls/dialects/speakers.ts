/** Who speaks in ShareGPT's conversations (`from`), and in the files that are written like them. */
import type { Role } from "./model.ts";

const SPEAKERS: Readonly<Record<string, Role>> = {
  assistant: "assistant",
  bot: "assistant",
  chatgpt: "assistant",
  function: "tool",
  function_call: "assistant",
  function_response: "tool",
  gpt: "assistant",
  human: "user",
  model: "assistant",
  observation: "tool",
  system: "system",
  tool: "tool",
  tool_call: "assistant",
  tool_response: "tool",
  user: "user",
};

export const speakerRole = (name: string): Role | undefined =>
  Object.hasOwn(SPEAKERS, name) ? SPEAKERS[name] : undefined;
