/** What a check came to, in a sentence. */
import type { L10n } from "../l10n.ts";
import type { CheckSummary } from "./messages.ts";

/** @param name of the file; `shown` findings of all that there are can be looked at */
export function summaryText(name: string, shown: number, summary: CheckSummary, l10n: L10n): string {
  const { records, uncompared } = summary;
  const total = totalOf(summary);
  const sentences = [
    total === 0
      ? l10n.t("{0}: nothing was found in {1} records.", name, records)
      : l10n.t("{0}: {1} in {2} records.", name, countsText(summary, l10n), records),
  ];
  if (shown < total) sentences.push(l10n.t("The first {0} findings are shown.", shown));
  if (uncompared > 0)
    sentences.push(l10n.t("{0} records were not compared with others, since too many come before them.", uncompared));
  return sentences.join(" ");
}

export const totalOf = ({ counts }: CheckSummary): number =>
  counts.error + counts.warning + counts.information + counts.hint;

function countsText({ counts: { error, warning, information, hint } }: CheckSummary, l10n: L10n): string {
  const parts = [
    ...(error > 0 ? [error === 1 ? l10n.t("1 error") : l10n.t("{0} errors", error)] : []),
    ...(warning > 0 ? [warning === 1 ? l10n.t("1 warning") : l10n.t("{0} warnings", warning)] : []),
    ...(information > 0 ? [information === 1 ? l10n.t("1 notice") : l10n.t("{0} notices", information)] : []),
    ...(hint > 0 ? [hint === 1 ? l10n.t("1 hint") : l10n.t("{0} hints", hint)] : []),
  ];
  return parts.join(", ");
}
