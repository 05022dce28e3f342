/** What the decoder's graphs are fed beside weights and caches. */
import { causalMask } from "./batching/microBatch.ts";
import type { HostFeed } from "./session.ts";
import type { Seen } from "./wave.ts";

/** Prompts without their last tokens, padded to P. */
export function prefillFeeds(prompts: readonly Int32Array[], P: number): Map<string, HostFeed> {
  const ids = new BigInt64Array(prompts.length * P);
  const positions = new BigInt64Array(prompts.length * P);
  for (const [b, tokens] of prompts.entries()) {
    for (let t = 0; t < tokens.length - 1; t++) {
      ids[b * P + t] = BigInt(tokens[t] as number);
      positions[b * P + t] = BigInt(t);
    }
  }
  return new Map<string, HostFeed>([
    ["ids", ids],
    ["positions", positions],
    ["promptMask", causalMask(P)],
  ]);
}

export function stepFeeds(rows: readonly Seen[]): Map<string, HostFeed> {
  return new Map<string, HostFeed>([
    ["ids", BigInt64Array.from(rows, ({ token }) => BigInt(token))],
    ["positions", BigInt64Array.from(rows, ({ position }) => BigInt(position))],
  ]);
}
