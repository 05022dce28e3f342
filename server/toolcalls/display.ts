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

/**
 * A text of many lines, or JSON, for a terminal or a log: nothing in it that a terminal would obey but line breaks and tabs. Escapes are
 * JSON's own, so that JSON says the same as before.
 */
export const visible = (text: string): string =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
    ).join(""),
  );

/** Without `$(name)`, which an editor draws as an icon in its pickers, lenses and status bar. */
export const withoutIcons = (text: string): string => text.replaceAll("$(", "$ (");

/** Without `[label](command:…)`, which an editor's messages make a link of that runs the command. */
export const withoutLinks = (text: string): string => text.replaceAll("](", "] (");
