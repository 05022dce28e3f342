/** if, then, else. */
import type { KeywordCompiler } from "../compiler.ts";
import { evaluate } from "../node.ts";
import { Evaluated } from "../run.ts";

const condition: KeywordCompiler = (keyword) => {
  const node = keyword.inPlace(keyword.child(keyword.value));
  const [yes, no] = ["then", "else"].map((name) => keyword.sibling(name));
  keyword.node.checks.push((value, run, evaluated) => {
    const notes = evaluated && new Evaluated();
    const holds = run.quietly(() => evaluate(node, value, run, notes));
    if (holds && notes !== undefined) evaluated?.add(notes);
    const next = holds ? yes : no;
    return next === undefined || evaluate(next, value, run, evaluated);
  });
};

/** Without `if` it does nothing, but what is wrong in it is said. */
const outcome: KeywordCompiler = (keyword) => void keyword.inPlace(keyword.child(keyword.value));

export const conditionalKeywords: Readonly<Record<string, KeywordCompiler>> = {
  if: condition,
  ...Object.fromEntries(["then", "else"].map((name) => [name, outcome])),
};
