/** Making visible what a text holds and a screen does not show. What a model wrote may hold anything. */

export interface Piece {
  text: string;
  /** Name of the character that `text` stands for, as U+001B; absent for ordinary text. */
  control?: string;
}

/** Control and format characters, separators, lone surrogates; line breaks and tabs may stay. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** More pieces than this are not told apart: a megabyte of control characters would become a million elements. */
const mostPieces = 2000;

/** C0 controls have pictures of their own (Unicode block Control Pictures). */
function picture(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `‹${code.toString(16).padStart(4, "0")}›`;
}

export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    const code = character.codePointAt(0) ?? 0;
    if (index > at) pieces.push({ text: text.slice(at, index) });
    at = index + character.length;
    if (pieces.length >= mostPieces) {
      pieces.push({ text: visibleText(text.slice(index)) });
      return pieces;
    }
    pieces.push({ text: picture(code), control: `U+${code.toString(16).toUpperCase().padStart(4, "0")}` });
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** The same as one text, for places that hold one. */
export function visibleText(text: string): string {
  return text.replaceAll(UNSEEN, (character) => picture(character.codePointAt(0) ?? 0));
}

/** As visibleText, on one line and no longer than the limit. */
export function oneLine(text: string, limit: number): string {
  const short = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return visibleText(short.replaceAll(/\s+/g, " "));
}
