/** The text of each token of a completion, so that together they are the completion. */
import type { Tokenizer } from "./tokenizer.ts";

export interface TokenText {
  /** Special tokens as they are written. */
  text: string;
  /** More than one where a character takes several. */
  tokens: number;
}

/** Tokens that one character may take: four bytes in UTF-8. */
const LONGEST = 4;

/** One entry for each token, or for a few where a character is spread over them. */
export function tokenTexts(tokenizer: Pick<Tokenizer, "decode">, ids: ArrayLike<number>): TokenText[] {
  const texts: TokenText[] = [];
  const all = Array.from(ids);
  const decode = (part: number[]): string => tokenizer.decode(part, { keepSpecial: true });
  // Some decoders drop the space in front of a text, so each token is read behind the one before it.
  let before: number[] = [];
  let from = 0;
  for (let end = 1; end <= all.length; end++) {
    const piece = all.slice(from, end);
    const text = decode([...before, ...piece]).slice(decode(before).length);
    const unfinished = text.endsWith("\ufffd") && piece.length < LONGEST && end < all.length;
    if (unfinished) continue;
    texts.push({ text, tokens: piece.length });
    before = piece;
    from = end;
  }
  return texts;
}
