/** Why a known defect is not reported, or an error is reported that the list does not hold: each case was looked at. */

interface Reason {
  /** Kind of defect, or rule of an extra error. */
  of: string;
  file: RegExp;
  detail: RegExp;
  why: string;
}

const REASONS: readonly Reason[] = [];

/** In parentheses; empty for a case that nobody has looked at yet. */
export function reasonFor(of: string, file: string, detail: string): string {
  const reason = REASONS.find((one) => one.of === of && one.file.test(file) && one.detail.test(detail));
  return reason === undefined ? "(not looked at yet)" : `(${reason.why})`;
}
