/** Drawing one token from a distribution. */
import type { Sampling } from "../../policyEngine.ts";

/** Index of the largest probability; the first of equals. */
export function argmax(probabilities: Float32Array): number {
  let best = 0;
  for (let i = 1; i < probabilities.length; i++)
    if ((probabilities[i] as number) > (probabilities[best] as number)) best = i;
  return best;
}

/** Inverse-CDF draw: the first token whose cumulated probability exceeds u, in [0, 1). */
export function draw(probabilities: Float32Array, u: number): number {
  let total = 0;
  let last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number;
    if (p === 0) continue;
    total += p;
    last = i;
    if (total > u) return i;
  }
  // Rounding left the sum a little under 1: the last token that can occur.
  return last;
}

/** The same after keeping the topK likeliest tokens and the smallest set that reaches topP, renormalized. */
export function drawFiltered(
  probabilities: Float32Array,
  u: number,
  { topK, topP }: Pick<Sampling, "topK" | "topP">,
): number {
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b,
  );
  const kept: number[] = [];
  let mass = 0;
  for (const token of order.slice(0, topK ?? order.length)) {
    kept.push(token);
    mass += probabilities[token] as number;
    if (mass >= (topP ?? Number.POSITIVE_INFINITY)) break;
  }
  let total = 0;
  for (const token of kept) {
    total += probabilities[token] as number;
    if (total > u * mass) return token;
  }
  return kept.at(-1) as number;
}
