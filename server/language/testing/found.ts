/** The findings of a few records as one file beside no other, each with the text it stands at. */
import type { Severity } from "../../toolcalls/dialects/dialect.ts";
import type { ProfileId } from "../analysis/profiles.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { analyzed, surroundings } from "./findings.ts";

export interface Found {
  rule: string;
  severity: Severity;
  message: string;
  at: string;
}

export function found(values: readonly unknown[], profiles: readonly ProfileId[] = []): Found[] {
  const lines = values.map((value) => JSON.stringify(value));
  const around = { ...surroundings(), rules: new RuleSet({}, profiles) };
  const { findings } = analyzed("records.jsonl", lines.join("\n"), around).findings(Number.POSITIVE_INFINITY);
  return findings.map(({ finding: { rule, severity, message }, range: { start, end } }) => ({
    rule,
    severity,
    message,
    at: (lines[start.line] ?? "").slice(start.character, end.character),
  }));
}
