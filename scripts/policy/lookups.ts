/**
 * Rows of tokens that teach nothing but looking up: random tokens, one of them again as cue, and what followed it the first
 * time as the answer. Copying a value from a query into a call is this with more around it; learnt first, in a minute, it
 * is there when the calls need it.
 */
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { Random } from "../quickstart/random.ts";
import type { WarmupRow } from "./warmupStage.ts";

const LENGTH = { least: 12, most: 23 };
const ANSWER = { least: 4, most: 11 };

/** An endless supply, of the tokens before the one that opens a message; that and the one that ends a turn stand around them. */
export function* lookups(seed: number, tokenizer: Tokenizer): Generator<WarmupRow> {
  const [opening] = tokenizer.encode("<|im_start|>");
  if (opening === undefined) throw new Error("The tokenizer lacks <|im_start|>");
  for (let index = 0; ; index++) {
    const random = new Random(seed, "lookup", index);
    const ids = Array.from({ length: random.integer(LENGTH.least, LENGTH.most) }, () => random.integer(0, opening - 1));
    const start = random.integer(1, Math.floor(ids.length / 2));
    const answer = ids.slice(start, start + random.integer(ANSWER.least, ANSWER.most));
    yield {
      prompt: Int32Array.from([opening, ...ids, tokenizer.eos, ids[start - 1] as number]),
      target: Int32Array.from(answer),
    };
  }
}
