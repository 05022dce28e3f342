import { callsOf } from "../../toolcalls/dialects/model.ts";
import type { Rule } from "./rule.ts";

/** Formats whose records bring their tools along. */
const OWN_TOOLS: ReadonlySet<string> = new Set([
  "anthropic",
  "hermes",
  "llama-factory",
  "mistral",
  "ms-swift",
  "openai",
  "openai-responses",
  "sharegpt",
]);

export const callsWithoutTools: Rule = {
  id: "calls-without-tools",
  severity: "information",
  title: "Calls without tools to call",
  documentation: {
    text: "The record calls tools and offers none, under the key that its format reads. Trainers drop unknown columns without a word, so the policy learns to call tools that it is not shown, and nothing here can be checked against a schema. Put the tools into the record.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"functions":[]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_time","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"get_time","parameters":{"type":"object","properties":{}}}}]}',
  },
  sample(sample, _scope, { report, dialect }) {
    if (sample.offer.kind !== "open" || !OWN_TOOLS.has(dialect.id)) return;
    const [first] = callsOf(sample);
    if (first !== undefined) report(first.nameRef, "This record calls tools, but offers none; add them under `tools`.");
  },
};
