/** Where texts can be cut so that a policy goes on from what it has read in training. */

/** The part of a tokenizer that is needed. */
interface Encoder {
  encode(text: string): Int32Array;
  decode(tokens: Int32Array, options: { keepSpecial: boolean }): string;
}

/**
 * The longest text that all texts begin with in tokens too. A beginning that ends in the middle of a token, as `"arguments":` where the
 * vocabulary has `":{"`, is one that no policy has ever gone on from.
 */
export function sharedBeginning(texts: readonly [string, ...string[]], tokenizer: Encoder): string {
  const [first, ...others] = texts.map((text) => tokenizer.encode(text));
  if (first === undefined) return "";
  let length = 0;
  while (length < first.length && others.every((tokens) => tokens[length] === first[length])) length++;
  for (; length > 0; length--) {
    const tokens = first.subarray(0, length);
    const text = tokenizer.decode(tokens, { keepSpecial: true });
    const own = tokenizer.encode(text);
    if (texts[0].startsWith(text) && own.length === length && own.every((token, at) => token === tokens[at]))
      return text;
  }
  return "";
}
