import { faultsIn } from "../../toolcalls/check.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const recordShape: Rule = {
  id: "record-shape",
  severity: "error",
  title: "Record that does not follow its format",
  documentation: {
    text: "The record lacks a member that its format requires, or has one of another type or an unknown name, or holds JSON in a string that is not JSON. Training refuses the file with the same complaint.",
    bad: '{"id":"train-001","query":"Hello","tools":[],"answer":[],"tool":"x"}',
    good: '{"id":"train-001","query":"Hello","tools":[],"answer":[]}',
  },
  record({ fault, value }, reading, { report, dialect }) {
    if (fault !== undefined) return;
    for (const { ref, sentence } of reading.unreadable) report(ref, sentence);
    const schema = dialect.schemaOf?.(value);
    if (schema === undefined) return;
    for (const { path, sentence, unknownKey } of faultsIn(schema, value)) {
      const place = Ref.root.at(...path);
      report(unknownKey ? place.key : place, plain(sentence, 300));
    }
  },
};
