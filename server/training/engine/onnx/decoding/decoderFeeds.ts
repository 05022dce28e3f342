/** What the decoder's graphs are fed beside weights and caches. */
import type { Sampling } from "../../policyEngine.ts";
import { causalMask } from "../batching/microBatch.ts";
import type { Feed, HostFeed } from "../runtime/session.ts";
import { inverseTemperature, type Seen } from "./wave.ts";

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

/** One step of rows, on the weights and the caches as a wave has them. */
export function stepFeeds(
  weights: Iterable<readonly [string, Feed]>,
  caches: Iterable<readonly [string, Feed]>,
  rows: readonly Seen[],
  { temperature }: Sampling,
): Map<string, Feed> {
  return new Map<string, Feed>([
    ...weights,
    ...caches,
    ["ids", BigInt64Array.from(rows, ({ token }) => BigInt(token))],
    ["positions", BigInt64Array.from(rows, ({ position }) => BigInt(position))],
    ["inverseTemperature", inverseTemperature(temperature)],
  ]);
}
