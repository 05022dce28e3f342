/** Byte-pair encoding: learning merges from counted pieces of text (Sennrich, Haddow, Birch 2016, algorithm 1). */

export interface Merges {
  /** Pairs in the order they are applied. */
  merges: [string, string][];
  /** Symbols in id order: the alphabet first, then what each merge makes. */
  symbols: string[];
}

interface Word {
  symbols: string[];
  count: number;
}

/** Separates the two halves of a pair in a key; no byte-level symbol is a space. */
const SEPARATOR = " ";
const keyOf = (left: string, right: string): string => left + SEPARATOR + right;

class PairTable {
  readonly #counts = new Map<string, number>();
  readonly #words = new Map<string, Set<Word>>();

  add(word: Word, sign: 1 | -1): void {
    for (let index = 0; index + 1 < word.symbols.length; index++) {
      const key = keyOf(word.symbols[index] as string, word.symbols[index + 1] as string);
      const count = (this.#counts.get(key) ?? 0) + sign * word.count;
      if (count > 0) this.#counts.set(key, count);
      else this.#counts.delete(key);
      if (sign === 1) this.#wordsWith(key).add(word);
    }
  }

  #wordsWith(key: string): Set<Word> {
    const known = this.#words.get(key);
    if (known) return known;
    const words = new Set<Word>();
    this.#words.set(key, words);
    return words;
  }

  /** The most frequent pair; among equals the first in code-unit order, so that the result is one and the same. */
  best(): { key: string; count: number } | undefined {
    let best: { key: string; count: number } | undefined;
    for (const [key, count] of this.#counts) {
      if (!best || count > best.count || (count === best.count && key < best.key)) best = { key, count };
    }
    return best;
  }

  /** Words that may hold the pair (a word that lost it since is harmless). */
  take(key: string): Word[] {
    const words = [...(this.#words.get(key) ?? [])];
    this.#words.delete(key);
    return words;
  }
}

function merged(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let index = 0; index < symbols.length; index++) {
    if (symbols[index] === left && symbols[index + 1] === right) {
      result.push(left + right);
      index++;
    } else result.push(symbols[index] as string);
  }
  return result;
}

/**
 * @param pieces how often each piece occurs; its characters are the first symbols, and no merge crosses pieces
 * @param alphabet symbols that exist whether or not they occur
 * @param size most symbols in all; fewer come out when no pair occurs at least `minimum` times
 */
export function learnMerges(
  pieces: ReadonlyMap<string, number>,
  alphabet: readonly string[],
  size: number,
  minimum = 2,
): Merges {
  const table = new PairTable();
  for (const [piece, count] of pieces) table.add({ symbols: [...piece], count }, 1);
  const symbols = new Set(alphabet);
  const merges: [string, string][] = [];
  while (symbols.size < size) {
    const best = table.best();
    if (!best || best.count < minimum) break;
    const [left, right] = best.key.split(SEPARATOR) as [string, string];
    merges.push([left, right]);
    symbols.add(left + right);
    for (const word of table.take(best.key)) {
      table.add(word, -1);
      word.symbols = merged(word.symbols, left, right);
      table.add(word, 1);
    }
  }
  return { merges, symbols: [...symbols] };
}
