/** The findings of a few records as one file, by the rules alone: no other file, no editor. */

import type { Severity } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import { analyzeRecord } from "../analysis/analyzeRecord.ts";
import type { ProfileId } from "../analysis/profiles.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { type Origin, ToolScope } from "../analysis/scope.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";

export interface Found {
  rule: string;
  severity: Severity;
  message: string;
  /** The text that the finding stands at. */
  at: string;
}

export function found(values: readonly unknown[], profiles: readonly ProfileId[] = []): Found[] {
  const dialect = detectDialect(values);
  const rules = new RuleSet({}, profiles);
  return values.flatMap((value, line) => {
    const text = JSON.stringify(value);
    const start = { line, character: 0 };
    const origin: Origin = { file: "records.jsonl", start, locate: () => ({ start, end: start }) };
    const record = ParsedRecord.parse(text);
    const { findings } = analyzeRecord({ record, dialect, origin, rules, scopeOf: () => ToolScope.unknown });
    return findings.map(({ rule, severity, message, span }) => ({
      rule,
      severity,
      message,
      at: text.slice(span.start, span.end),
    }));
  });
}
