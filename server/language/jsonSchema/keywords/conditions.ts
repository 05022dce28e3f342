/** if, then, else. */
import type { KeywordCompiler } from "../compiler.ts";
import { evaluate } from "../node.ts";
import { Evaluated } from "../run.ts";

export const conditionalKeywords: Record<string, KeywordCompiler> = {
  if(keyword) {
    const condition = keyword.child(keyword.value);
    const yes = keyword.sibling("then");
    const no = keyword.sibling("else");
    keyword.node.checks.push((value, run, evaluated) => {
      const notes = evaluated && new Evaluated();
      const holds = run.quietly(() => evaluate(condition, value, run, notes));
      if (holds && notes !== undefined) evaluated?.add(notes);
      const next = holds ? yes : no;
      return next === undefined || evaluate(next, value, run, evaluated);
    });
  },
  // Without `if` they do nothing, but what is wrong in them is said.
  then: (keyword) => void keyword.child(keyword.value),
  else: (keyword) => void keyword.child(keyword.value),
};
