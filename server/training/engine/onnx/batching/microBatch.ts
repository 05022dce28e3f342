/** Micro-batches in the shapes that transformer.ts reads: where each token lies, and what the network is fed of it. */
import type { Group } from "../../policyEngine.ts";
import { ZERO } from "../ops/order.ts";
import type { HostFeed } from "../runtime/session.ts";
import { lanesOf } from "./lanes.ts";

/** Added to attention scores where a token may not look: exp of it is 0 in float32. */
export const FORBIDDEN = -1e9;

/** A prompt and some of its completions, by their place in the request. */
export interface Unit {
  group: number;
  completions: readonly number[];
}

/** Where a completion lies: `length` rows from `first` on, of the B·G·L rows of completions. */
export interface Span {
  group: number;
  completion: number;
  /** Unit of the micro-batch. */
  unit: number;
  first: number;
  length: number;
}

/**
 * B prompts of P + 1 tokens and G lanes of L tokens for each, the shorter ones padded. A lane holds one completion, or several in turn,
 * which do not see each other. M is how many masks a prompt's lanes have: 1 for all where none holds more than one, or else G.
 */
export type Sizes = Record<"B" | "G" | "P" | "L" | "M", number>;

export interface MicroBatch {
  units: readonly (Unit & { promptLength: number })[];
  spans: readonly Span[];
  sizes: Sizes;
}

/** @param L tokens of a lane, no completion being longer */
export function microBatchOf(groups: readonly Group[], units: readonly Unit[], L: number): MicroBatch {
  const of = ({ group }: Unit) => groups[group] as Group;
  const lengthOf = (unit: Unit, completion: number) => (of(unit).completions[completion] as Int32Array).length;
  const lanes = units.map((unit) =>
    lanesOf(
      unit.completions.map((completion) => lengthOf(unit, completion)),
      L,
    ).map((places) => places.map((place) => unit.completions[place] as number)),
  );
  const G = Math.max(...lanes.map(({ length }) => length));
  const spans = units.flatMap((unit, b) =>
    (lanes[b] as number[][]).flatMap((lane, g) => {
      let first = (b * G + g) * L;
      return lane.map((completion): Span => {
        const length = lengthOf(unit, completion);
        first += length;
        return { group: unit.group, completion, unit: b, first: first - length, length };
      });
    }),
  );
  return {
    units: units.map((unit) => ({ ...unit, promptLength: of(unit).prompt.length })),
    spans,
    sizes: {
      B: units.length,
      G,
      P: Math.max(...units.map((unit) => of(unit).prompt.length)) - 1,
      L,
      M: lanes.flat().some(({ length }) => length > 1) ? G : 1,
    },
  };
}

const NOTHING = Float32Array.of(0);

/** The network's inputs for a micro-batch: `ids`, `positions`, `promptMask`, `completionMask`, `targets`, `zero`. */
export function batchFeeds(groups: readonly Group[], batch: MicroBatch): Map<string, HostFeed> {
  const { units, spans, sizes } = batch;
  const { B, G, P, L } = sizes;
  const rows = B * P + B * G * L;
  const ids = new BigInt64Array(rows);
  const positions = new BigInt64Array(rows);
  const targets = new BigInt64Array(B * G * L);
  for (const [b, { group, promptLength }] of units.entries()) {
    const { prompt } = groups[group] as Group;
    for (let t = 0; t < promptLength - 1; t++) {
      ids[b * P + t] = BigInt(prompt[t] as number);
      positions[b * P + t] = BigInt(t);
    }
  }
  for (const { group, completion, first, length } of spans) {
    const { prompt, completions } = groups[group] as Group;
    const tokens = completions[completion] as Int32Array;
    for (let t = 0; t < length; t++) {
      // The last prompt token opens the completion; row t predicts token t.
      ids[B * P + first + t] = BigInt((t === 0 ? prompt.at(-1) : tokens[t - 1]) as number);
      positions[B * P + first + t] = BigInt(prompt.length - 1 + t);
      targets[first + t] = BigInt(tokens[t] as number);
    }
  }
  return new Map<string, HostFeed>([
    ["ids", ids],
    ["positions", positions],
    ["targets", targets],
    ["promptMask", causalMask(P)],
    ["completionMask", completionMask(batch)],
    [ZERO, NOTHING],
  ]);
}

/** [size, size]: a token sees itself and what came before. */
export function causalMask(size: number): Float32Array {
  const mask = new Float32Array(size * size);
  for (let i = 0; i < size; i++) mask.fill(FORBIDDEN, i * size + i + 1, (i + 1) * size);
  return mask;
}

/** [B, P]: completions see the prompt's own tokens, not its padding. */
export function paddingMask(lengths: readonly number[], size: number): Float32Array {
  const mask = new Float32Array(lengths.length * size);
  for (const [b, length] of lengths.entries()) mask.fill(FORBIDDEN, b * size + length, (b + 1) * size);
  return mask;
}

/** [B, M, L, P + L]: a token sees its prompt, itself and what came before in its completion; padding sees what comes before it. */
function completionMask({ units, spans, sizes: { B, G, P, L, M } }: MicroBatch): Float32Array {
  const mask = new Float32Array(B * M * L * (P + L));
  // Where the completion begins that a row belongs to, in the lane's own rows; of a mask for all lanes, 0.
  const begins = new Int32Array(B * M * L);
  if (M === G) for (const { first, length } of spans) begins.fill(first % L, first, first + length);
  for (let lane = 0; lane < B * M; lane++) {
    const opened = (units[Math.floor(lane / M)]?.promptLength as number) - 1;
    for (let t = 0; t < L; t++) {
      const row = (lane * L + t) * (P + L);
      mask.fill(FORBIDDEN, row + opened, row + P + (begins[lane * L + t] as number));
      mask.fill(FORBIDDEN, row + P + t + 1, row + P + L);
    }
  }
  return mask;
}

/** Lays per-token numbers out as the batch's rows [B·G·L]; `of` gives the array (or one number for all) of a completion. */
export function tokenFeed(
  { spans, sizes: { B, G, L } }: MicroBatch,
  of: (group: number, completion: number) => Float32Array | number,
): Float32Array {
  const feed = new Float32Array(B * G * L);
  for (const { group, completion, first, length } of spans) {
    const values = of(group, completion);
    if (typeof values === "number") feed.fill(values, first, first + length);
    else feed.set(values, first);
  }
  return feed;
}

/** Takes the batch's rows apart again, into results[group][completion][token]. */
export function collectTokens(rows: Float32Array, { spans }: MicroBatch, results: Float32Array[][]): void {
  for (const { group, completion, first, length } of spans)
    (results[group] as Float32Array[])[completion] = rows.slice(first, first + length);
}
