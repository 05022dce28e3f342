/** Free words: places, people, things. */
import type { Part } from "../partition.ts";
import { partOf } from "../partition.ts";
import type { Random } from "../random.ts";
import { capitalized, coin } from "./coined.ts";
import { type Drawn, drawUntil, type Kind, kindOf, plain } from "./kind.ts";
import * as lists from "./wordLists.ts";

const text = { type: "string" } as const;

/** How often a warm-up name is made up instead of taken from the list. */
const COINED = 0.6;

function coinedWord(random: Random, part: Part): Drawn<string> {
  const word = coin(random, part);
  return { said: word, value: word, free: [`coined=${word}`] };
}

function coinedName(random: Random, part: Part): Drawn<string> {
  const { said, free = [] } = coinedWord(random, part);
  return { said: capitalized(said), value: capitalized(said), free };
}

function listed(kind: string, list: readonly string[]): (random: Random, part: Part) => Drawn<string> {
  const own: Record<Part, string[]> = { warmup: [], train: [], heldOut: [] };
  for (const word of list) own[partOf(kind, word)].push(word);
  return (random, part) => {
    const word = random.pick(own[part]);
    return { said: word, value: word, free: [`${kind}=${word}`] };
  };
}

type Draw = (random: Random, part: Part) => Drawn<string>;

function listedOrCoined(kind: string, list: readonly string[], coined: Draw = coinedName): Draw {
  const fromList = listed(kind, list);
  return (random, part) => (part === "warmup" && random.chance(COINED) ? coined(random, part) : fromList(random, part));
}

const drawCity = listedOrCoined("city", lists.cities);
const drawFirstName = listedOrCoined("firstName", lists.firstNames);
const drawLastName = listedOrCoined("lastName", lists.lastNames);
const drawLabel = listedOrCoined("label", lists.labels, coinedWord);

interface FullName {
  first: string;
  last: string;
}

function drawFullName(random: Random, part: Part): Drawn<FullName> {
  const first = drawFirstName(random, part);
  const last = drawLastName(random, part);
  return {
    said: `${first.said} ${last.said}`,
    value: { first: first.value, last: last.value },
    free: [...(first.free ?? []), ...(last.free ?? [])],
  };
}

/** Two words that are free as a pair; each of them alone may return in another part. */
const pair = (kind: string, first: readonly string[], second: readonly string[]): Kind =>
  plain(text, (random, part) =>
    drawUntil(
      part,
      kind,
      () => `${random.pick(first)} ${random.pick(second)}`,
      (value) => value,
    ),
  );

export const city = plain(text, drawCity);
export const firstName = plain(text, drawFirstName);
export const label = plain(text, drawLabel);
export const fullName = plain(text, (random, part) => {
  const drawn = drawFullName(random, part);
  return { ...drawn, value: drawn.said };
});
/** A firm, a restaurant. */
export const brand = plain(text, coinedName);
export const topic = pair("topic", lists.topicFirst, lists.topicSecond);
export const dish = pair("dish", lists.ingredients, lists.dishes);

export const personName = kindOf({
  schema: text,
  draw: drawFullName,
  variants: {
    firstLast: ({ first, last }) => `${first} ${last}`,
    lastComma: ({ first, last }) => `${last}, ${first}`,
    lastFirst: ({ first, last }) => `${last} ${first}`,
    underscore: ({ first, last }) => `${first}_${last}`,
  },
});

export const handle = kindOf({
  schema: text,
  draw: coinedWord,
  variants: {
    bare: (name) => name,
    at: (name) => `@${name}`,
    user: (name) => `user:${name}`,
    path: (name) => `u/${name}`,
  },
});

export const tag = kindOf({
  schema: text,
  draw: drawLabel,
  variants: {
    bare: (word) => word,
    hash: (word) => `#${word}`,
    prefix: (word) => `label:${word}`,
    bracket: (word) => `[${word}]`,
  },
});
