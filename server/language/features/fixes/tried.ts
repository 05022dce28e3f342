/** Fixes that were tried: what they mend is gone from the record, and nothing else has come. */
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import type { Finding } from "../../analysis/finding.ts";
import type { Span } from "../../records/locate.ts";
import { applyEdits } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";
import type { Fix, Fixer } from "./fix.ts";
import { fixerOf } from "./index.ts";

export interface TriedFix extends Fix {
  finding: Finding;
  /** The record afterwards. */
  result: RecordView;
}

/** Fixes that help, for the findings among these that touch the span. */
export function triedFixes(view: RecordView, findings: readonly Finding[], within: Span): TriedFix[] {
  const touched = findings.filter(({ span }) => touches(span, within));
  return [...new Set(touched.map(({ rule }) => rule))].flatMap((rule) => {
    const ofRule = findings.filter((finding) => finding.rule === rule);
    const fixer = fixerOf(rule);
    return (fixer?.fixes(view, ofRule) ?? []).flatMap((fix) => {
      const place = fix.place instanceof Ref ? view.locate(fix.place) : fix.place;
      const finding = touched.find((one) => one.rule === rule && touches(one.span, place));
      if (finding === undefined) return [];
      const result = view.with(applyEdits(view.text, fix.edits));
      return improves(findings, result.findings(), fixer) ? [{ ...fix, finding, result }] : [];
    });
  });
}

/** Fixes of one rule that are made in one record, one after the other. */
const ROUNDS = 200;

/** The record after the first fix that helps, again and again; undefined where none does. */
export function mendAll(view: RecordView, rule: string): RecordView | undefined {
  const fixer = fixerOf(rule);
  if (fixer === undefined) return undefined;
  let current = view;
  let findings = current.findings();
  for (let round = 0; round < ROUNDS; round++) {
    const better = firstHelp(current, findings, fixer);
    if (better === undefined) break;
    [current, findings] = [better.view, better.findings];
  }
  return current === view ? undefined : current;
}

function firstHelp(
  view: RecordView,
  findings: readonly Finding[],
  fixer: Fixer,
): { view: RecordView; findings: Finding[] } | undefined {
  const ofRule = findings.filter(({ rule }) => rule === fixer.rule);
  if (ofRule.length === 0) return undefined;
  for (const { edits } of fixer.fixes(view, ofRule)) {
    const after = view.with(applyEdits(view.text, edits));
    const left = after.findings();
    if (improves(findings, left, fixer)) return { view: after, findings: left };
  }
  return undefined;
}

const touches = (left: Span, right: Span): boolean => left.start <= right.end && right.start <= left.end;

/** Fewer of the rule, and of every other complaint that was possible before no more. */
function improves(before: readonly Finding[], after: readonly Finding[], fixer: Fixer | undefined): boolean {
  if (fixer === undefined) return false;
  const { rule, uncovers, rewords = [] } = fixer;
  const complaint = ({ rule: of, message }: Finding): string => (rewords.includes(of) ? of : `${of}\n${message}`);
  const count = (findings: readonly Finding[]): number => findings.filter((finding) => finding.rule === rule).length;
  if (count(after) >= count(before)) return false;
  const left = new Map<string, number>();
  for (const finding of before) left.set(complaint(finding), (left.get(complaint(finding)) ?? 0) + 1);
  return after.every((finding) => {
    const remaining = left.get(complaint(finding)) ?? 0;
    left.set(complaint(finding), remaining - 1);
    return remaining > 0 || (uncovers !== undefined && finding.rule.startsWith(uncovers));
  });
}
