/** Model Context Protocol: the reply to `tools/list`, and single tools as its specification shows them. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { emptyReading, type Tool } from "./model.ts";
import { member, readTool, readTools } from "./read.ts";
import type { Ref } from "./ref.ts";

export const mcp: Dialect = {
  id: "mcp",
  title: "MCP tools/list",
  layout: "document",

  detect(value) {
    if (isTool(value)) return 1;
    const list = listOf(value);
    return list !== undefined && Array.isArray(list.value) && list.value.some(isTool) ? 1 : 0;
  },

  read(value, root) {
    const list = listOf(value);
    if (list !== undefined) {
      const ref = root.at(...list.path);
      return { ...emptyReading(), tools: readTools(list.value, ref, readMcpTool) };
    }
    const tool = isTool(value) ? readMcpTool(value, root) : undefined;
    return { ...emptyReading(), tools: tool === undefined ? [] : [tool] };
  },

  writeTool,
  writeTools: (tools) => ({ value: { tools: tools.map((tool) => writeTool(tool).value) }, lost: [] }),
};

const isTool = (value: unknown): boolean =>
  isJsonObject(value) && typeof value.name === "string" && isJsonObject(value.inputSchema);

/** The list of tools in a whole reply, or in its result alone. */
function listOf(value: unknown): { value: unknown; path: string[] } | undefined {
  const inReply = member(member(value, "result"), "tools");
  if (inReply !== undefined) return { value: inReply, path: ["result", "tools"] };
  const bare = member(value, "tools");
  return bare === undefined ? undefined : { value: bare, path: ["tools"] };
}

const readMcpTool = (value: unknown, ref: Ref): Tool | undefined => readTool(value, ref, "inputSchema");

function writeTool({ name, description, parameters }: Tool): Written {
  const inputSchema = isJsonObject(parameters) ? parameters : { type: "object", properties: {} };
  return { value: { name, ...(description === undefined ? {} : { description }), inputSchema }, lost: [] };
}
