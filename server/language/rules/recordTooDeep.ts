import type { Rule } from "./rule.ts";

export const recordTooDeep: Rule = {
  id: "record-too-deep",
  severity: "error",
  title: "Record nested too deeply to check",
  documentation: {
    text: "Arrays and objects that are nested beyond the limit (settings) are not parsed, so that no reader runs out of stack. No tool schema and no call needs such depth.",
    bad: '{"id":"a","answer":[[[[[[ … a hundred thousand levels …',
    good: '{"id":"a","answer":[]}',
  },
  record({ fault }, _reading, { report }) {
    if (fault?.kind !== "too-deep") return;
    const message = `Arrays and objects are nested deeper than ${fault.limit} levels here; the record was not checked.`;
    report({ start: fault.offset, end: fault.offset + 1 }, message);
  },
};
