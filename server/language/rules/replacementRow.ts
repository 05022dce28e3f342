import { Ref } from "../../toolcalls/dialects/ref.ts";
import { editProblems } from "../analysis/editedRow.ts";
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
  across(facts, index, { report, origin }) {
    for (const { kind, path, sentence, row } of editProblems(facts, index, origin)) {
      if (kind !== "unknown-sample" && kind !== "row-changed" && kind !== "row-mismatch") continue;
      const related =
        row === undefined ? [] : [{ message: "The sample is here.", origin: row.origin, ref: row.fact.ref }];
      report(Ref.root.at(...path), sentence, { related });
    }
  },
};
