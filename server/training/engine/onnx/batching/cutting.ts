/**
 * Groups of completions cut into micro-batches. Cutting is a memory matter only: weights are set for the whole mini-batch, so that
 * splitting differently changes rounding alone.
 */
import type { Group } from "../../policyEngine.ts";
import { cheapestCut, type Piece } from "./cuts.ts";
import { lanesOf } from "./lanes.ts";
import { type MicroBatch, microBatchOf, type Sizes, type Unit } from "./microBatch.ts";

/** Rows that the network sees, the prompts' last tokens counting with the completions. */
const rowsOf = ({ B, G, P, L }: Omit<Sizes, "M">) => B * P + B * G * L;

/**
 * What a micro-batch costs besides its rows (weights read, gradients added up, a call of the runtime), in rows: of a small network a
 * hundred, of a large one a few dozen. Where few rows are allowed, a share of them.
 */
const overheadOf = (maxRows: number): number => Math.min(128, maxRows / 16);
/**
 * What one more unit of a group may be taken to cost, in overheads: less than one where units share micro-batches. At the
 * last, groups are cut only where they do not fit.
 */
const PRICES = [0.25, 1, 4, 1e6];

/** A unit that is to be put together with others. */
interface Candidate extends Unit {
  promptLength: number;
  /** Tokens of its completions, and the longest of them. */
  lengths: number[];
  longest: number;
  /** Lanes that it needs of a length. */
  lanes: (length: number) => number;
}

/**
 * Cuts groups into micro-batches of at most `maxRows` token rows, padding included; a single completion that is longer
 * makes a micro-batch of its own. Like lengths go together and short completions share lanes, so that little is padded. A group is
 * cut where sending its prompt through the network again costs less than padding short completions to the longest; how readily, and
 * in which order units are put together, is tried, and the cheapest is taken.
 */
export function microBatches(groups: readonly Group[], maxRows: number): MicroBatch[] {
  const cuts = PRICES.flatMap((price) => {
    const units = groups.flatMap((group, index) => unitsOf(group, index, maxRows, overheadOf(maxRows) * price));
    return [byPrompt, byCompletion].map((order) => together(units.toSorted(order), maxRows));
  });
  const costs = cuts.map((pieces) => pieces.reduce((sum, { cost }) => sum + cost, 0));
  const cheapest = cuts[costs.indexOf(Math.min(...costs))] as Together[];
  return cheapest.map(({ units, sizes }) => microBatchOf(groups, units, sizes.L));
}

const byPrompt = (a: Candidate, b: Candidate) =>
  a.lanes(a.longest) - b.lanes(b.longest) ||
  a.promptLength - b.promptLength ||
  a.longest - b.longest ||
  a.group - b.group;

const byCompletion = (a: Candidate, b: Candidate) =>
  a.longest - b.longest ||
  a.lanes(a.longest) - b.lanes(b.longest) ||
  a.promptLength - b.promptLength ||
  a.group - b.group;

/** The group in units of like completions; every unit costs as much as `each` rows besides its own. */
function unitsOf({ prompt, completions }: Group, group: number, maxRows: number, each: number): Candidate[] {
  const lengthOf = (index: number) => (completions[index] as Int32Array).length;
  const order = completions.map((_, index) => index).sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const pieces = cheapestCut(order, (piece: (Piece & { lengths: number[] }) | undefined, index) => {
    const lengths = [...(piece?.lengths ?? []), lengthOf(index)];
    const L = lengthOf(index);
    const rows = rowsOf({ B: 1, G: lanesOf(lengths, L).length, P: prompt.length - 1, L });
    return { lengths, cost: rows <= maxRows || piece === undefined ? rows + each : Number.POSITIVE_INFINITY };
  });
  return pieces.map((members) =>
    candidate(
      group,
      members.toSorted((a, b) => a - b),
      prompt.length,
      lengthOf,
    ),
  );
}

function candidate(
  group: number,
  completions: number[],
  promptLength: number,
  lengthOf: (index: number) => number,
): Candidate {
  const lengths = completions.map(lengthOf);
  const counts = new Map<number, number>();
  const lanes = (length: number) => {
    const count = counts.get(length) ?? lanesOf(lengths, length).length;
    counts.set(length, count);
    return count;
  };
  return { group, completions, promptLength, lengths, longest: Math.max(...lengths), lanes };
}

interface Together extends Piece {
  units: readonly Candidate[];
  sizes: Omit<Sizes, "M">;
}

/** Sorted units in micro-batches. */
function together(units: readonly Candidate[], maxRows: number): Together[] {
  const grown = (piece: Together | undefined, unit: Candidate): Together => {
    const all = [unit, ...(piece?.units ?? [])];
    const L = Math.max(unit.longest, piece?.sizes.L ?? 0);
    const G = Math.max(...all.map(({ lanes }) => lanes(L)));
    const sizes = { B: all.length, G, P: Math.max(unit.promptLength - 1, piece?.sizes.P ?? 0), L };
    const rows = rowsOf(sizes);
    const fits = rows <= maxRows || piece === undefined;
    return { units: all, sizes, cost: fits ? rows + overheadOf(maxRows) : Number.POSITIVE_INFINITY };
  };
  return cheapestCut(units, grown).map(
    (members) => members.reduceRight<Together | undefined>(grown, undefined) as Together,
  );
}
