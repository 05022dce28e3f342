/**
 * Made-up names (`Marilan`): an endless supply, so that a policy learns to copy a name instead of knowing it. They follow
 * the letters of the listed words (each letter drawn given the two before it), so that the pieces a tokenizer cuts an
 * unseen name into are pieces a policy has copied before.
 */
import type { Part } from "../partition.ts";
import { partOf } from "../partition.ts";
import type { Random } from "../random.ts";
import { cities, firstNames, labels, lastNames } from "./wordLists.ts";

const listed = new Set([...cities, ...firstNames, ...lastNames, ...labels].map((word) => word.toLowerCase()));

const BEFORE = "^^";
const AFTER = "$";
const SHORTEST = 5;
const LONGEST = 9;

/** The two letters before → every letter that follows them in the lists, as often as it does. */
const followers = new Map<string, string[]>();
for (const word of listed) {
  const marked = BEFORE + word + AFTER;
  for (let index = BEFORE.length; index < marked.length; index++) {
    const context = marked.slice(index - BEFORE.length, index);
    const letters = followers.get(context);
    if (letters) letters.push(marked.charAt(index));
    else followers.set(context, [marked.charAt(index)]);
  }
}

function propose(random: Random): string {
  let text = BEFORE;
  while (!text.endsWith(AFTER)) text += random.pick(followers.get(text.slice(-BEFORE.length)) ?? [AFTER]);
  return text.slice(BEFORE.length, -AFTER.length);
}

/** A lower-case word that stands in no list and belongs to the part. */
export function coin(random: Random, part: Part): string {
  for (;;) {
    const word = propose(random);
    const fits = word.length >= SHORTEST && word.length <= LONGEST;
    if (fits && !listed.has(word) && partOf("coined", word) === part) return word;
  }
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
