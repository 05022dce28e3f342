/** When two answers say the same: what people write in several ways is folded, and nothing is guessed. */
import { exactNumber } from "../../toolcalls/json.ts";
import { canonicalNumber } from "../../toolcalls/jsonSchema/numbers.ts";

/** Whether the answer is one of the accepted ones. */
export function isAccepted(answer: string, accepted: readonly string[]): boolean {
  const folded = foldedAnswer(answer);
  return accepted.some((one) => foldedAnswer(one) === folded);
}

/**
 * Compatibility characters, case, white space and a full stop at the end do not count; a word that is a number counts as the number,
 * so that 14, 14.0 and +14 are one answer, and so are 1400 and 1,400.
 */
export function foldedAnswer(text: string): string {
  const plain = text.normalize("NFKC").replaceAll("\u2212", "-").toLowerCase().trim().replace(/\.$/, "");
  return plain
    .split(/\s+/)
    .map((word) => numberIn(word) ?? word)
    .join(" ");
}

/** Longest word that is looked at as a number. */
const LONGEST_NUMBER = 100;

function numberIn(word: string): string | undefined {
  if (word.length > LONGEST_NUMBER) return undefined;
  const [, sign, whole, fraction = ""] = /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?$/.exec(word) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole.replaceAll(",", "").replace(/^0+(?=\d)/, "");
  return canonicalNumber(exactNumber(`${sign === "-" ? "-" : ""}${digits}${fraction}`));
}
