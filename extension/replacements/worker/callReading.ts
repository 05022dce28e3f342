/** A call as the view shows it: as JSON, and as a form where its tool says what it takes. */
import type { CallReading } from "../../../schemas/replacementView.ts";
import type { ToolCall } from "../../../schemas/samples.ts";
import type { ToolMap } from "../../../server/toolcalls/catalog.ts";
import { ToolSchema } from "../../../server/toolcalls/toolSchema.ts";
import { argumentsForm } from "./valueForm.ts";

/** @param text of the arguments, where they stand in a file */
export function callReading(call: ToolCall, tools: ToolMap, text?: string): CallReading {
  const tool = tools.get(call.name);
  return {
    name: call.name,
    arguments: text ?? JSON.stringify(call.arguments, null, 2),
    form: (tool && argumentsForm(ToolSchema.of(tool.function.parameters).schema, call.arguments)) ?? null,
  };
}
