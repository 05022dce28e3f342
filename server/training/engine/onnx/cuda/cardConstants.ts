/** Weights that a session on CUDA has as constants: those stay on the card, where what is fed crosses the bus at each run. */
import { ADAPTER_SCALE, adapterShapes } from "../adapterParameters.ts";
import type { Constants } from "../graph.ts";
import { isHostArray, MOST_CONSTANT_BYTES } from "../quantized/preparedBlocks.ts";
import type { Feed } from "../session.ts";
import type { Network } from "../wave.ts";

/**
 * The frozen ones, as many as a model can hold; none where all weights are trained. For decoding steps, each of which reads all weights
 * to make a few rows.
 */
export function cardConstants({ config, lora }: Network, weights: ReadonlyMap<string, Feed>): Constants {
  if (lora === undefined) return new Map();
  const changing = new Set([...adapterShapes(config, lora).keys(), ADAPTER_SCALE]);
  const frozen = Array.from(weights, ([name, weight]) => [name, weight] as const).filter(isHostArray);
  let room = MOST_CONSTANT_BYTES;
  return new Map(
    frozen.filter(([name, { byteLength }]) => {
      if (changing.has(name) || byteLength > room) return false;
      room -= byteLength;
      return true;
    }),
  );
}
