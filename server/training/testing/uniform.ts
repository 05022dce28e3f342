/** Uniform in [0, 1), from the key of a rollout and the position alone. */
export function uniform(...key: number[]): number {
  let hash = 0x811c9dc5;
  for (const part of key) {
    hash = Math.imul(hash ^ part, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash ^= hash >>> 13;
  }
  return (hash >>> 0) / 2 ** 32;
}
