/** Which rows a step trains on, and which random streams it uses: functions of the run's seed and the step, nothing else. */

/** Finaliser of splitmix32: spreads every bit of a 32-bit word over the whole word. */
function mix(word: number): number {
  let z = word >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A seed for one purpose inside a run ("order", "probe before"), so that its stream shares no numbers with the others. */
export function seedFor(seed: number, purpose: string): number {
  let hash = mix(seed ^ 0x9e3779b9);
  for (let i = 0; i < purpose.length; i++) hash = mix(hash ^ purpose.charCodeAt(i));
  return hash;
}

/** Pseudo-random 32-bit words, a counter through splitmix32. */
export function words(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    return mix(counter);
  };
}

/** The rows 0 … count − 1 in the order of one epoch (Fisher–Yates). */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  const next = words(seedFor(seed, `order of epoch ${epoch}`));
  for (let last = count - 1; last > 0; last--) {
    const pick = Math.floor((next() / 2 ** 32) * (last + 1));
    const kept = order[last] as number;
    order[last] = order[pick] as number;
    order[pick] = kept;
  }
  return order;
}

/** The epoch, from 0, that a step is in. @param step from 1 */
export const epochOf = (count: number, batch: number, step: number): number =>
  Math.floor((step - 1) / Math.floor(count / batch));

/**
 * The rows of a step, all different. An epoch is cut into whole batches and its remainder is left out (as veRL's data
 * loader does); the next epoch is shuffled anew, so another remainder is left out then.
 *
 * @param step from 1
 * @param batch rows of a step, at most `count`
 */
export function rowsOfStep(count: number, batch: number, seed: number, step: number): number[] {
  const stepsPerEpoch = Math.floor(count / batch);
  if (stepsPerEpoch === 0) throw new RangeError(`A step of ${batch} rows cannot be drawn from ${count}`);
  const start = ((step - 1) % stepsPerEpoch) * batch;
  return [...epochOrder(count, seed, epochOf(count, batch, step)).subarray(start, start + batch)];
}
