import { reportEditProblems } from "../analysis/editedRow.ts";
import type { Rule } from "./rule.ts";

export const replacementRow: Rule = {
  id: "replacement-row",
  severity: "error",
  title: "Hand edit of a sample that is not there or has changed",
  documentation: {
    text: "A hand edit names a sample of its experiment and the hash of the row for which it was made. Where no training sample has the id, or the row has changed since, training refuses the edit: it would show demonstrations chosen for another question. Look at the sample and the edit again, then write the hash that the message names.",
    bad: "An edit whose `row` is the hash of the sample before its question was changed.",
    good: "An edit whose `row` is the hash of the sample as it stands in the training file.",
  },
  across(facts, index, context) {
    reportEditProblems(["unknown-sample", "row-changed", "row-mismatch"], facts, index, context);
  },
};
