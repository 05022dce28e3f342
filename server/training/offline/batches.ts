/** Which turns a step learns: each turn once in every epoch, in an order that is a function of seed and epoch. */
import { epochOrder } from "../draw.ts";

/** Mini-batches of an epoch. */
export const batchesOf = (turns: number, size: number): number => Math.ceil(turns / size);

/** Epoch of a step, from 0. @param step from 1 */
export const epochOfStep = (step: number, turns: number, size: number): number =>
  Math.floor((step - 1) / batchesOf(turns, size));

/**
 * Indices of the turns of a step. Where turns do not divide by the size, all batches of the epoch are a little smaller instead of one that
 * is much so: its few turns would weigh more than others.
 *
 * @param size turns of a mini-batch, at most
 */
export function turnsOfStep(turns: number, size: number, seed: number, step: number): number[] {
  const batches = batchesOf(turns, size);
  const batch = (step - 1) % batches;
  const from = Math.floor((batch * turns) / batches);
  const to = Math.floor(((batch + 1) * turns) / batches);
  return [...epochOrder(turns, seed, epochOfStep(step, turns, size)).subarray(from, to)];
}
