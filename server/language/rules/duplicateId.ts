import { plain } from "../../toolcalls/display.ts";
import { isEarlier } from "../analysis/order.ts";
import type { Rule } from "./rule.ts";

export const duplicateId: Rule = {
  id: "duplicate-id",
  severity: "error",
  title: "Id twice in one file",
  documentation: {
    text: "Rollouts, hard samples and replacements are kept by the id of their sample. Two samples of one id overwrite each other there. Give every row of a file its own.",
    bad: '{"id":"train-001","query":"Hello","tools":[],"answer":[]}\n{"id":"train-001","query":"Good evening","tools":[],"answer":[]}',
    good: '{"id":"train-001","query":"Hello","tools":[],"answer":[]}\n{"id":"train-002","query":"Good evening","tools":[],"answer":[]}',
  },
  across({ facts }, index, { report, origin }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "sample-id" && kind !== "demonstration-id") continue;
      for (const { fact, origin: other } of index.of(kind, key)) {
        if (other.file !== origin.file || !isEarlier(other, fact.ref, origin, ref)) continue;
        const message = `The id "${plain(key)}" is already used in this file; every row needs its own.`;
        report(ref, message, { related: [{ message: "The first one is here.", origin: other, ref: fact.ref }] });
        break;
      }
    }
  },
};
