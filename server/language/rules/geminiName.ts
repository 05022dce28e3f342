import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;

export const geminiName: Rule = {
  id: "gemini-name",
  severity: "error",
  profiles: ["gemini"],
  title: "Tool name that Gemini refuses",
  documentation: {
    text: "Gemini's names begin with a letter or an underscore and have at most 64 letters, digits, underscores, dots, colons and hyphens.",
    bad: '{"name":"3d_print","parameters":{"type":"object","properties":{}}}',
    good: '{"name":"print_3d","parameters":{"type":"object","properties":{}}}',
  },
  tool({ name, nameRef }, { report }) {
    if (NAME.test(name)) return;
    report(
      nameRef,
      `Gemini refuses the name "${plain(name)}"; begin with a letter or an underscore, and use at most 64 letters, digits, underscores, dots, colons and hyphens.`,
    );
  },
};
