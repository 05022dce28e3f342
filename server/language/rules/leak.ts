import { sameCalls } from "../../toolcalls/compare.ts";
import { callsOf } from "../../toolcalls/dialects/model.ts";
import { reportEditProblems } from "../analysis/editedRow.ts";
import type { Rule } from "./rule.ts";

export const leak: Rule = {
  id: "leak",
  severity: "error",
  title: "Demonstration that gives the answer away",
  documentation: {
    text: "A demonstration shown before the question has the very answer that is asked for. The policy copies it and is rewarded for nothing, and the sample no longer measures anything. Choose another demonstration.",
    bad: '{"id":"a","query":"Weather in Oslo?","tools":["get_weather"],"answer":[{"name":"get_weather","arguments":{"city":"Oslo"}}],"demonstrations":[{"id":"d","query":"How is Oslo?","answer":[{"name":"get_weather","arguments":{"city":"Oslo"}}]}]}',
    good: '{"id":"a","query":"Weather in Oslo?","tools":["get_weather"],"answer":[{"name":"get_weather","arguments":{"city":"Oslo"}}],"demonstrations":[{"id":"d","query":"How is Rome?","answer":[{"name":"get_weather","arguments":{"city":"Rome"}}]}]}',
  },
  sample({ gold, demonstrations, queryRef }, _scope, { report, origin }) {
    if (gold === undefined || gold.length === 0) return;
    const wanted = gold.map(({ name, arguments: values }) => ({ name, arguments: values }));
    for (const demonstration of demonstrations) {
      if (
        !sameCalls(
          wanted,
          callsOf(demonstration).map(({ name, arguments: values }) => ({ name, arguments: values })),
        )
      )
        continue;
      const related = [{ message: "The sample's question is here.", origin, ref: queryRef }];
      report(
        demonstration.ref,
        "This demonstration has the very answer of the sample it is shown before; choose another.",
        { related },
      );
    }
  },
  across(recordFacts, index, context) {
    const { report, origin } = context;
    reportEditProblems(["leak"], recordFacts, index, context);
    for (const { kind, key, ref } of recordFacts.facts) {
      if (kind !== "demonstration") continue;
      for (const { fact, origin: other } of index.of("sample", key)) {
        if (!index.together(other.file, origin.file)) continue;
        const related = [{ message: "The sample is here.", origin: other, ref: fact.ref }];
        const message =
          "This demonstration is a sample, question and answer; where it is shown before that sample it gives the answer away.";
        report(ref, message, { related, severity: "warning" });
        break;
      }
    }
  },
};
