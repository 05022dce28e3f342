import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { nearest } from "../../toolcalls/nearest.ts";
import { rawMessages } from "../analysis/rawMessages.ts";
import type { Rule } from "./rule.ts";

const CHAT = ["system", "user", "assistant", "tool"];

/** Roles by dialect; dialects that are absent say themselves which they cannot read. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["user", "assistant"],
  hermes: CHAT,
  "llama-factory": CHAT,
  mistral: CHAT,
  openai: [...CHAT, "developer", "function"],
};

export const unknownRole: Rule = {
  id: "unknown-role",
  severity: "error",
  title: "Role that the format does not know",
  documentation: {
    text: "A message whose role the format does not know is refused, or skipped without a word, and the conversation is learned with a hole. Use the format's own roles; a trainer that maps others needs them named in its configuration.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"bot","content":"Noon."}],"tools":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"Noon."}],"tools":[]}',
  },
  record({ value }, _reading, { report, dialect }) {
    const known = ROLES[dialect.id];
    if (known === undefined) return;
    for (const { role, ref } of rawMessages(value, Ref.root)) {
      if (role === undefined) report(ref, `This message has no role; it must be one of ${known.join(", ")}.`);
      else if (!known.includes(role)) {
        const hint = nearest(role, known);
        const advice = hint === undefined ? `use one of ${known.join(", ")}` : `did you mean "${hint}"?`;
        const data = hint === undefined ? {} : { data: { suggestion: hint } };
        report(
          ref.at("role"),
          `${dialect.title} has no role "${plain(role)}"; ${advice}${hint === undefined ? "." : ""}`,
          data,
        );
      }
    }
  },
};
