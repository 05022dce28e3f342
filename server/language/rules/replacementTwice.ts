import { plain } from "../../toolcalls/display.ts";
import { isEarlier } from "../analysis/order.ts";
import type { Rule } from "./rule.ts";

export const replacementTwice: Rule = {
  id: "replacement-twice",
  severity: "error",
  title: "Two hand edits of one sample",
  documentation: {
    text: "Two files edit the same sample, and training can heed only one of them. Join them in one file and delete the other.",
    bad: "Two files in `replacements/` that name the sample `train-001`.",
    good: "One file for each sample that is edited.",
  },
  across({ facts }, index, { report, origin }) {
    for (const { kind, key, ref } of facts) {
      if (kind !== "edit") continue;
      for (const { fact, origin: other } of index.of(kind, key)) {
        if (!index.together(other.file, origin.file) || !isEarlier(other, fact.ref, origin, ref)) continue;
        const message = `Another file edits the sample "${plain(key)}" too; keep one of them.`;
        report(ref, message, { related: [{ message: "The other edit is here.", origin: other, ref: fact.ref }] });
        break;
      }
    }
  },
};
