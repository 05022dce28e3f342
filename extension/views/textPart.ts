/** A text of any length in parts, as views ask for it. */
import type { TextPart } from "../../schemas/rolloutView.ts";

/** From `from` on, UTF-16 code units; never between the halves of a surrogate pair. */
export function textPart(text: string, from: number, length: number): TextPart {
  const end = Math.min(text.length, from + length);
  const code = text.charCodeAt(end - 1);
  const split = end < text.length && end - 1 > from && code >= 0xd800 && code <= 0xdbff;
  return { from, text: text.slice(from, split ? end - 1 : end), total: text.length };
}
