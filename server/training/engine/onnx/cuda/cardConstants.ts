/** Weights that a session on CUDA has as constants: those stay on the card, where what is fed crosses the bus at each run. */
import { ADAPTER_SCALE, adapterShapes } from "../adapter/adapterParameters.ts";
import type { Network } from "../decoding/wave.ts";
import type { Constants } from "../graph/graph.ts";
import type { Feed, HostFeed } from "../runtime/session.ts";
import type { SessionPool } from "../runtime/sessionPool.ts";

/**
 * The frozen ones; undefined on other devices, and where all weights are trained. A session keeps room on the card for what it was fed
 * too, so that constants cost no more of it.
 */
export function cardConstants(
  { device }: Pick<SessionPool, "device">,
  { config, lora }: Network,
  weights: ReadonlyMap<string, Feed>,
): Constants | undefined {
  if (device.name !== "cuda" || lora === undefined) return undefined;
  const changing = new Set([...adapterShapes(config, lora).keys(), ADAPTER_SCALE]);
  const all = Array.from(weights, ([name, weight]) => [name, weight] as const).filter(isOnHost);
  return new Map(all.filter(([name]) => !changing.has(name)));
}

function isOnHost(entry: readonly [string, Feed]): entry is readonly [string, HostFeed] {
  return ArrayBuffer.isView(entry[1]);
}
