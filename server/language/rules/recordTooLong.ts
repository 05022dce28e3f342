import type { Rule } from "./rule.ts";

export const recordTooLong: Rule = {
  id: "record-too-long",
  severity: "error",
  title: "Record too long to check",
  documentation: {
    text: "A record beyond the limit (settings) is not parsed, so that one line cannot stop the editor. A sample of this size also fits no prompt. Split it, or move what is not a sample out of the file.",
    bad: '{"id":"train-001","query":"… thirty million characters …"}',
    good: '{"id":"train-001","query":"What is the weather in Oslo?"}',
  },
  record({ fault }, _reading, { report }) {
    if (fault?.kind !== "too-long") return;
    const message = `This record is longer than the ${fault.limit} characters that are read, and was not checked; split it, or raise the limit in the settings.`;
    report({ start: 0, end: 1 }, message);
  },
};
