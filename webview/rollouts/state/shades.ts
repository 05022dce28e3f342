/** How likely a token was, as one of five shades. */

/** Lowest probability of each shade; what is below the last one has the darkest. */
const BOUNDS = [0.9, 0.5, 0.2, 0.05];

/** @param logprob nats; null for what was no number, which no policy can have held likely */
export function shadeOf(logprob: number | null): number {
  const probability = logprob === null ? 0 : Math.exp(logprob);
  const shade = BOUNDS.findIndex((bound) => probability >= bound);
  return shade === -1 ? BOUNDS.length : shade;
}

interface Likely {
  text: string;
  logprob: number | null;
}

/** The least likely first; of equally likely ones the first that was written. */
export function leastLikely(tokens: readonly Likely[], count: number): Likely[] {
  const rank = ({ logprob }: Likely): number => logprob ?? Number.NEGATIVE_INFINITY;
  return [...tokens].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0)).slice(0, count);
}
