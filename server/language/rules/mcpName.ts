import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

export const mcpName: Rule = {
  id: "mcp-name",
  severity: "warning",
  profiles: ["mcp"],
  title: "Tool name outside MCP's alphabet",
  documentation: {
    text: "The Model Context Protocol asks for names of 1 to 128 letters, digits, underscores, dots and hyphens. Clients replace other characters, each in its own way, or leave the tool out.",
    bad: '{"tools":[{"name":"get time","inputSchema":{"type":"object","properties":{}}}]}',
    good: '{"tools":[{"name":"get_time","inputSchema":{"type":"object","properties":{}}}]}',
  },
  tool({ name, nameRef }, { report }) {
    if (NAME.test(name)) return;
    report(
      nameRef,
      `"${plain(name)}" is no name for MCP; use 1 to 128 letters, digits, underscores, dots and hyphens.`,
    );
  },
};
