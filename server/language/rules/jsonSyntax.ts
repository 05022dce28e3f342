import type { Rule } from "./rule.ts";

export const jsonSyntax: Rule = {
  id: "json-syntax",
  severity: "error",
  title: "Not JSON",
  documentation: {
    text: "A record that is not JSON is refused by every trainer, often long after the start and without a line number. The message says what departs from JSON first; what follows it in the record is not checked.",
    bad: "{'id': 'train-001', 'answer': [],}",
    good: '{"id": "train-001", "answer": []}',
  },
  record({ fault, text }, _reading, { report }) {
    if (fault?.kind !== "syntax") return;
    const start = Math.min(fault.offset, Math.max(0, text.length - 1));
    report({ start, end: Math.min(start + 1, text.length) }, fault.sentence);
  },
};
