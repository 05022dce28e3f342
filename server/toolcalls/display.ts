/** Putting text of unknown origin (a model's, a file's) into a sentence: short, and with nothing a terminal would obey. */

/** Control and format characters, line and paragraph separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with control characters as `\u….` and at most `limit` UTF-16 units of it. */
export function plain(text: string, limit = 80): string {
  const short = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return short.replace(UNSAFE, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
  });
}

/** The value as JSON, shortened and escaped. */
export function showValue(value: unknown, limit = 60): string {
  return plain(JSON.stringify(value) ?? String(value), limit);
}
