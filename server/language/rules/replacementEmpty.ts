import { member } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { NO_DEMONSTRATIONS } from "../../toolcalls/replacements.ts";
import type { Rule } from "./rule.ts";

export const replacementEmpty: Rule = {
  id: "replacement-empty",
  severity: "error",
  title: "Few-shot edit without demonstrations",
  documentation: {
    text: "The edit asks for demonstrations before the question and holds none, so it says nothing. Add a demonstration, exclude the sample, or delete the file, which gives the choice back to the algorithm.",
    bad: '{"sample":"a","row":"0000000000000000000000000000000000000000000000000000000000000000","action":"fewshot","scope":"always","demonstrations":[]}',
    good: '{"sample":"a","row":"0000000000000000000000000000000000000000000000000000000000000000","action":"fewshot","scope":"always","demonstrations":[{"query":"What time is it?","calls":[{"name":"get_time","arguments":{}}]}]}',
  },
  record({ value }, _reading, { report, dialect }) {
    if (dialect.id !== "replacement" || member(value, "action") !== "fewshot") return;
    const demonstrations = member(value, "demonstrations");
    if (!Array.isArray(demonstrations) || demonstrations.length > 0) return;
    report(Ref.root.at("demonstrations"), NO_DEMONSTRATIONS);
  },
};
