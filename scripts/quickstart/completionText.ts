/** The text of an assistant turn, as the chat template writes it. */
import type { ToolCall } from "../../schemas/samples.ts";
import { NO_TOOL_ANSWER } from "../../server/prompts/promptRenderer.ts";

export function answerText(calls: readonly ToolCall[]): string {
  if (calls.length === 0) return NO_TOOL_ANSWER;
  return calls
    .map(({ name, arguments: values }) => `<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`)
    .join("\n");
}
