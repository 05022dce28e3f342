import { isEarlier } from "../analysis/order.ts";
import type { Rule } from "./rule.ts";

export const duplicateDemonstration: Rule = {
  id: "duplicate-demonstration",
  severity: "warning",
  title: "The same demonstration twice",
  documentation: {
    text: "A demonstration with the same question and answer stands earlier. A prompt that draws both shows one thing twice and spends its tokens on nothing.",
    bad: '{"id":"a","query":"Hello","answer":[]}\n{"id":"b","query":"Hello","answer":[]}',
    good: '{"id":"a","query":"Hello","answer":[]}\n{"id":"b","query":"Good evening","answer":[]}',
  },
  across({ facts }, index, { report, origin }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "demonstration") continue;
      for (const { fact, origin: other } of index.of(kind, key)) {
        if (!index.together(other.file, origin.file) || !isEarlier(other, fact.ref, origin, ref)) continue;
        const message = "The same demonstration stands earlier; keep one of them.";
        report(ref, message, { related: [{ message: "The first one is here.", origin: other, ref: fact.ref }] });
        break;
      }
    }
  },
};
