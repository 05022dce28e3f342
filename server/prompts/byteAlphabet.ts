/**
 * Byte-level vocabularies write each byte as one printable character. The library drops, without a word, a byte that has
 * no token; so the gaps of a vocabulary must be known before a text is encoded.
 */
import { isJsonObject } from "../toolcalls/json.ts";

/** Bytes that a byte-level tokenizer cannot express; empty for a complete one and for other kinds of tokenizer. */
export function bytesWithoutToken(
  definition: Record<string, unknown>,
  vocabulary: ReadonlyMap<string, number>,
): ReadonlySet<number> {
  if (!isByteLevel(definition.pre_tokenizer)) return new Set();
  return new Set(byteAlphabet().flatMap((character, byte) => (vocabulary.has(character) ? [] : [byte])));
}

function isByteLevel(preTokenizer: unknown): boolean {
  if (!isJsonObject(preTokenizer)) return false;
  const { type, pretokenizers } = preTokenizer;
  return type === "ByteLevel" || (Array.isArray(pretokenizers) && pretokenizers.some(isByteLevel));
}

/**
 * The character of each byte 0 … 255, as GPT-2 introduced it: printable Latin-1 stands for itself, every other byte in
 * turn for the next character from U+0100 on.
 */
export function byteAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}
