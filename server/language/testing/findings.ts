/** The findings of a text as an editor would show them. */
import { DocumentAnalysis, type Surroundings } from "../analysis/documentAnalysis.ts";
import { FactIndex } from "../analysis/facts.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { ToolScope } from "../analysis/scope.ts";
import { DEFAULT_LIMITS } from "../records/scan.ts";

export const surroundings = (facts = new FactIndex()): Surroundings => ({
  rules: RuleSet.standard,
  limits: DEFAULT_LIMITS,
  facts,
  scopeOf: () => ToolScope.unknown,
});

/** An open document that has been looked at to the end. */
export function analyzed(file: string, text: string, around = surroundings()): DocumentAnalysis {
  const analysis = new DocumentAnalysis(file, text, around);
  while (!analysis.advance(5));
  return analysis;
}

/** One line for each finding: where it is, from 0, and which rule found it. */
export function findingsOf(analysis: DocumentAnalysis): string[] {
  return analysis
    .findings(Number.POSITIVE_INFINITY)
    .findings.map(
      ({ finding, range: { start, end } }) =>
        `${start.line}:${start.character}-${end.line === start.line ? "" : `${end.line}:`}${end.character} ${finding.rule}`,
    );
}
