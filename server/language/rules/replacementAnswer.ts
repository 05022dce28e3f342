import { reportEditProblems } from "../analysis/editedRow.ts";
import type { Rule } from "./rule.ts";

export const replacementAnswer: Rule = {
  id: "replacement-answer",
  severity: "error",
  title: "Corrected answer that no completion can satisfy",
  documentation: {
    text: "A hand edit corrects the answer of a sample with a call of a tool that the sample does not offer. The policy does not see the tool, so no completion is ever rewarded. Correct the call, or offer the tool in the sample.",
    bad: "An edit whose `gold` calls `set_timer`, for a sample that offers `get_weather` alone.",
    good: "An edit whose `gold` calls tools that its sample offers.",
  },
  across(facts, index, context) {
    reportEditProblems(["not-offered"], facts, index, context);
  },
};
