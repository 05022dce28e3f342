/** Tool specifications as the catalogs a user reads. */
import type { Tool } from "../../schemas/tools.ts";
import { domains } from "./domains/index.ts";
import { objectSchema, type ToolSpec } from "./toolSpec.ts";

export function toTool({ name, description, parameters }: ToolSpec): Tool {
  return { type: "function", function: { name, description, parameters: objectSchema(parameters) } };
}

export const catalog: ReadonlyMap<string, Tool> = new Map(
  domains.flatMap((domain) => domain.tools.map((tool) => [tool.name, toTool(tool)])),
);
