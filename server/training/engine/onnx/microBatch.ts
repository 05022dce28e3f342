/**
 * Groups of completions cut into micro-batches of the shapes that transformer.ts reads. Cutting is a memory matter only:
 * weights are set for the whole mini-batch, so that splitting differently changes rounding alone.
 */
import type { Group } from "../policyEngine.ts";
import { cheapestCut, type Piece } from "./cuts.ts";
import { ZERO } from "./ops/order.ts";
import type { HostFeed } from "./session.ts";

/** Added to attention scores where a token may not look: exp of it is 0 in float32. */
export const FORBIDDEN = -1e9;

/** A prompt and some of its completions, by their place in the request. */
interface Unit {
  group: number;
  completions: number[];
  promptLength: number;
  longest: number;
}

export interface MicroBatch {
  units: readonly Unit[];
  /** B units of G completions; prompts are P + 1 tokens long, completions L, the shorter ones padded. */
  sizes: { B: number; G: number; P: number; L: number };
}

/** Rows that the network sees, the prompts' last tokens counting with the completions. */
const rowsOf = ({ B, G, P, L }: MicroBatch["sizes"]) => B * P + B * G * L;

/** What a micro-batch costs besides its rows (weights read, gradients added up), as a share of the most rows it may have. */
const OVERHEAD = 1 / 16;
/**
 * What one more unit of a group may be taken to cost, in overheads: less than one where units share micro-batches. At the
 * last, groups are cut only where they do not fit.
 */
const PRICES = [0.25, 1, 4, 1e6];

/**
 * Cuts groups into micro-batches of at most `maxRows` token rows, padding included; a single completion that is longer
 * makes a micro-batch of its own. Like lengths go together, so that little is padded. A group is cut where sending its
 * prompt through the network again costs less than padding short completions to the longest; how readily, and in which
 * order units are put together, is tried, and the cheapest is taken.
 */
export function microBatches(groups: readonly Group[], maxRows: number): MicroBatch[] {
  const cuts = PRICES.flatMap((price) => {
    const units = groups.flatMap((group, index) => unitsOf(group, index, maxRows, maxRows * OVERHEAD * price));
    return [byPrompt, byCompletion].map((order) => together(units.toSorted(order), maxRows));
  });
  const costs = cuts.map((batches) => batches.reduce((sum, { sizes }) => sum + rowsOf(sizes) + maxRows * OVERHEAD, 0));
  return cuts[costs.indexOf(Math.min(...costs))] as MicroBatch[];
}

const byPrompt = (a: Unit, b: Unit) =>
  a.completions.length - b.completions.length ||
  a.promptLength - b.promptLength ||
  a.longest - b.longest ||
  a.group - b.group;

const byCompletion = (a: Unit, b: Unit) =>
  a.completions.length - b.completions.length ||
  a.longest - b.longest ||
  a.promptLength - b.promptLength ||
  a.group - b.group;

/** The group in units of like completions; every unit costs as much as `each` rows besides its own. */
function unitsOf({ prompt, completions }: Group, group: number, maxRows: number, each: number): Unit[] {
  const lengthOf = (index: number) => (completions[index] as Int32Array).length;
  const order = completions.map((_, index) => index).sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const pieces = cheapestCut(order, (piece: SizedPiece | undefined, index) => {
    const sizes = { B: 1, G: (piece?.sizes.G ?? 0) + 1, P: prompt.length - 1, L: lengthOf(index) };
    return priced(sizes, sizes.G > 1 ? maxRows : Number.POSITIVE_INFINITY, each);
  });
  return pieces.map((members) => ({
    group,
    completions: members.toSorted((a, b) => a - b),
    promptLength: prompt.length,
    longest: lengthOf(members[0] as number),
  }));
}

/** Sorted units in micro-batches, those with as many completions together. */
function together(units: readonly Unit[], maxRows: number): MicroBatch[] {
  const batches = cheapestCut(units, (piece: SizedPiece | undefined, { completions, promptLength, longest }) => {
    const { B, G, P, L } = piece?.sizes ?? { B: 0, G: completions.length, P: 0, L: 0 };
    const sizes = { B: B + 1, G, P: Math.max(P, promptLength - 1), L: Math.max(L, longest) };
    const most = G !== completions.length ? 0 : B > 0 ? maxRows : Number.POSITIVE_INFINITY;
    return priced(sizes, most, maxRows * OVERHEAD);
  });
  return batches.map((members) => ({ units: members, sizes: sizesOf(members) }));
}

interface SizedPiece extends Piece {
  sizes: MicroBatch["sizes"];
}

function priced(sizes: MicroBatch["sizes"], maxRows: number, besides: number): SizedPiece {
  const rows = rowsOf(sizes);
  return { sizes, cost: rows <= maxRows ? rows + besides : Number.POSITIVE_INFINITY };
}

function sizesOf(units: readonly Unit[]): MicroBatch["sizes"] {
  return {
    B: units.length,
    G: (units[0] as Unit).completions.length,
    P: Math.max(...units.map((unit) => unit.promptLength)) - 1,
    L: Math.max(...units.map((unit) => unit.longest)),
  };
}

const NOTHING = Float32Array.of(0);

/** The network's inputs for a micro-batch: `ids`, `positions`, `promptMask`, `completionMask`, `targets`, `zero`. */
export function batchFeeds(groups: readonly Group[], { units, sizes }: MicroBatch): Map<string, HostFeed> {
  const { B, G, P, L } = sizes;
  const rows = B * P + B * G * L;
  const ids = new BigInt64Array(rows);
  const positions = new BigInt64Array(rows);
  const targets = new BigInt64Array(B * G * L);
  for (const [b, unit] of units.entries()) {
    const { prompt, completions } = groups[unit.group] as Group;
    const opened = prompt.length - 1;
    for (let t = 0; t < opened; t++) {
      ids[b * P + t] = BigInt(prompt[t] as number);
      positions[b * P + t] = BigInt(t);
    }
    for (const [g, index] of unit.completions.entries()) {
      const tokens = completions[index] as Int32Array;
      const first = (b * G + g) * L;
      for (let t = 0; t < tokens.length; t++) {
        // The last prompt token opens the completion; row t predicts token t.
        ids[B * P + first + t] = BigInt((t === 0 ? prompt[opened] : tokens[t - 1]) as number);
        positions[B * P + first + t] = BigInt(opened + t);
        targets[first + t] = BigInt(tokens[t] as number);
      }
    }
  }
  const promptLengths = units.map((unit) => unit.promptLength - 1);
  return new Map<string, HostFeed>([
    ["ids", ids],
    ["positions", positions],
    ["targets", targets],
    ["promptMask", causalMask(P)],
    ["completionMask", completionMask(promptLengths, P, L)],
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

/** [B, L, P + L]. */
function completionMask(lengths: readonly number[], P: number, L: number): Float32Array {
  const mask = new Float32Array(lengths.length * L * (P + L));
  for (const [b, length] of lengths.entries()) {
    for (let t = 0; t < L; t++) {
      const row = (b * L + t) * (P + L);
      mask.fill(FORBIDDEN, row + length, row + P);
      mask.fill(FORBIDDEN, row + P + t + 1, row + P + L);
    }
  }
  return mask;
}

/** Lays per-token numbers out as the batch's rows [B·G·L]; `of` gives the array (or one number for all) of a completion. */
export function tokenFeed(
  batch: MicroBatch,
  of: (group: number, completion: number) => Float32Array | number,
): Float32Array {
  const { B, G, L } = batch.sizes;
  const feed = new Float32Array(B * G * L);
  for (const [b, unit] of batch.units.entries()) {
    for (const [g, completion] of unit.completions.entries()) {
      const start = (b * G + g) * L;
      const values = of(unit.group, completion);
      if (typeof values === "number") feed.fill(values, start, start + L);
      else feed.set(values, start);
    }
  }
  return feed;
}

/** Takes the batch's rows apart again, into results[group][completion][token]. */
export function collectTokens(
  rows: Float32Array,
  groups: readonly Group[],
  batch: MicroBatch,
  results: Float32Array[][],
): void {
  const { G, L } = batch.sizes;
  for (const [b, unit] of batch.units.entries()) {
    for (const [g, completion] of unit.completions.entries()) {
      const { length } = (groups[unit.group] as Group).completions[completion] as Int32Array;
      const start = (b * G + g) * L;
      (results[unit.group] as Float32Array[])[completion] = rows.slice(start, start + length);
    }
  }
}
