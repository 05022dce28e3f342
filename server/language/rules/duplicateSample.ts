import { isEarlier } from "../analysis/order.ts";
import type { Rule } from "./rule.ts";

export const duplicateSample: Rule = {
  id: "duplicate-sample",
  severity: "warning",
  title: "The same sample twice",
  documentation: {
    text: "A sample with the same question, tools and answer stands earlier in the file. It is drawn twice as often as the others, and in a held-out file it counts twice. Remove one, or make them differ.",
    bad: '{"id":"a","query":"Hello","tools":[],"answer":[]}\n{"id":"b","query":"Hello","tools":[],"answer":[]}',
    good: '{"id":"a","query":"Hello","tools":[],"answer":[]}\n{"id":"b","query":"Good evening","tools":[],"answer":[]}',
  },
  across({ facts }, index, { report, origin }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "sample") continue;
      for (const { fact, origin: other } of index.of(kind, key)) {
        if (other.file !== origin.file || !isEarlier(other, fact.ref, origin, ref)) continue;
        const message = "The same question with the same answer stands earlier in this file; keep one of them.";
        report(ref, message, { related: [{ message: "The first one is here.", origin: other, ref: fact.ref }] });
        break;
      }
    }
  },
};
