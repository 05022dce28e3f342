import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const MOST_TOOLS = 128;
/** UTF-16 units. */
const LONGEST_DESCRIPTION = 1024;

export const openaiLimits: Rule = {
  id: "openai-limits",
  severity: "error",
  profiles: ["openai", "openai-strict"],
  title: "More than OpenAI takes",
  documentation: {
    text: "OpenAI takes at most 128 tools with a request, and descriptions of at most 1,024 characters. Offer fewer tools, or say it shorter.",
    bad: `{"name":"get_time","description":"${"Tells the time. ".repeat(70).trim()}","parameters":{"type":"object","properties":{}}}`,
    good: '{"name":"get_time","description":"Tells the time.","parameters":{"type":"object","properties":{}}}',
  },
  tool({ name, description = "", nameRef }, { report }) {
    if (description.length <= LONGEST_DESCRIPTION) return;
    const place = nameRef.parent?.at("description") ?? nameRef;
    report(
      place,
      `The description of "${plain(name)}" has ${description.length} characters; OpenAI takes ${LONGEST_DESCRIPTION}.`,
    );
  },
  sample({ offer }, _scope, { report }) {
    if (offer.kind !== "own") return;
    const extra = offer.tools[MOST_TOOLS];
    if (extra !== undefined)
      report(extra.nameRef, `${offer.tools.length} tools are offered here; OpenAI takes ${MOST_TOOLS}.`);
  },
};
