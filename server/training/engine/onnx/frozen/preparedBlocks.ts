/** Blocks that a session of the CPU has as constants, in the layout that its kernel multiplies with. */
import type { FrozenForm } from "../../lora.ts";
import type { Constants } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { frozenParts, frozenProjections, frozenSizes } from "./frozenParameters.ts";

/** Of a model's bytes, which have to stay below protobuf's 2 GiB with all else that is in it. */
const MOST_CONSTANT_BYTES = 1.75 * 2 ** 30;

/**
 * The blocks for a session that has them as constants. Of weights that are fed, the CPU's kernel unpacks the whole matrix for each product,
 * which in a decoding step of a few rows is most of the work; of constants it has a layout of its own that it multiplies with directly.
 * Of float16 it has none: constants would be widened once and stay.
 */
export function preparedBlocks(
  config: ModelConfig,
  frozen: FrozenForm | undefined,
  weights: ReadonlyMap<string, unknown>,
): Constants {
  if (frozen?.kind !== "blocks" || frozenSizes(config, frozen).bytes > MOST_CONSTANT_BYTES) return new Map();
  const parts = frozenProjections(config).flatMap((projection) => frozenParts(projection, frozen, "cpu"));
  return new Map(parts.map(({ name }) => [name, weights.get(name)] as const).filter(isHostArray));
}

function isHostArray(entry: readonly [string, unknown]): entry is readonly [string, Float32Array | Uint8Array] {
  return entry[1] instanceof Float32Array || entry[1] instanceof Uint8Array;
}
