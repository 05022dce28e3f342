/**
 * Rows that teach nothing but looking up: a line of words, a word of it as cue, and what followed that word as the answer.
 * Copying a value from a query into a call is this with more around it; learnt first, it is there when the calls need it.
 */
import type { Sample } from "../../schemas/samples.ts";
import { Random } from "../quickstart/random.ts";

const WORDS = { least: 12, most: 22 };
const ANSWER = { least: 3, most: 8 };

/** Rows over the given pieces (whole tokens of the policy's vocabulary, so that every token is copied now and then). */
export function* lookupRows(seed: number, count: number, pieces: readonly string[]): Generator<Sample> {
  for (let index = 0; index < count; index++) {
    const random = new Random(seed, "lookup", index);
    const words = Array.from({ length: random.integer(WORDS.least, WORDS.most) }, () => random.pick(pieces));
    const cue = random.integer(0, words.length - ANSWER.least - 1);
    const answer = words.slice(cue + 1, cue + 1 + random.integer(ANSWER.least, ANSWER.most));
    yield {
      id: `lookup-${index + 1}`,
      query: `${words.join(" ")}: ${words[cue]}`,
      tools: [],
      answer: [],
      completion: answer.join(" "),
    };
  }
}

/** Letters-only and digits-only tokens of a tokenizer: what values are made of. */
export function wordPieces(decode: (ids: number[]) => string, size: number): string[] {
  const pieces: string[] = [];
  for (let id = 0; id < size; id++) {
    const text = decode([id]);
    if (/^(?:[A-Za-z]+|\d)$/.test(text)) pieces.push(text);
  }
  return pieces;
}
