import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

const OPENAI_NAME = /^[A-Za-z0-9_-]{1,64}$/;

export const toolName: Rule = {
  id: "tool-name",
  severity: "warning",
  title: "Tool name that providers refuse",
  documentation: {
    text: "OpenAI, Anthropic and Mistral take names of 1 to 64 letters, digits, underscores and hyphens. Dots, spaces and slashes are refused, or replaced before the model sees them, so that its calls no longer match the gold.",
    bad: '{"name":"weather.get","parameters":{"type":"object","properties":{}}}',
    good: '{"name":"weather_get","parameters":{"type":"object","properties":{}}}',
  },
  tool({ name, nameRef }, { report }) {
    if (OPENAI_NAME.test(name)) return;
    const what = name === "" ? "This tool has no name" : `The name "${plain(name)}" is refused by some providers`;
    report(nameRef, `${what}; use 1 to 64 letters, digits, underscores and hyphens.`);
  },
};
