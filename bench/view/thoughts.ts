/** Text in front of completions, so that they weigh and differ as a model's do: words of a made-up language, a function of their place. */

const syllables = [
  "ba",
  "ce",
  "di",
  "fo",
  "gu",
  "ka",
  "le",
  "mi",
  "no",
  "pu",
  "ra",
  "se",
  "ti",
  "vo",
  "zu",
  "tha",
  "qui",
  "sta",
];
const words = 3000;
const poolLength = 4_000_000;
/** Characters of a thought. */
const shortest = 200;
const longest = 2200;

/** Numbers that only look random (xorshift, Marsaglia 2003), from a seed that is not 0. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    yield state;
  }
}

function makePool(): string {
  const draw = numbers(20261121);
  const next = (below: number): number => draw.next().value % below;
  const vocabulary = Array.from({ length: words }, () =>
    Array.from({ length: 1 + next(4) }, () => syllables[next(syllables.length)]).join(""),
  );
  const parts: string[] = [];
  for (let length = 0; length < poolLength; ) {
    // The product of two draws makes some words frequent and most of them rare.
    const word = vocabulary[Math.floor((next(words) * next(words)) / words)] as string;
    parts.push(word);
    length += word.length + 1;
  }
  return parts.join(" ");
}

let pool: string | undefined;

/** The same for the same place; on average 1,200 characters. */
export function thoughtAt(step: number, group: number, rollout: number): string {
  pool ??= makePool();
  const mixed = Math.imul(step * 1_000_003 + group * 1009 + rollout, 2_654_435_761) >>> 0;
  const length = shortest + (mixed % (longest - shortest));
  const from = Math.imul(mixed, 40_503) >>> 0;
  const start = from % (pool.length - length);
  return pool.slice(start, start + length);
}
