/** How long a sequence may be: what the policy was made for, and what the run asks of it. */
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../../schemas/problem.ts";
import { check } from "../../../../toolcalls/check.ts";
import { showValue } from "../../../../toolcalls/display.ts";
import type { JsonDocument } from "../../../../toolcalls/documents.ts";
import type { Family } from "./families.ts";

const count = Type.Integer({ minimum: 1 });
const countOrNull = Type.Optional(Type.Union([count, Type.Null()]));

const Keys = Type.Object({
  max_position_embeddings: count,
  sliding_window: countOrNull,
  use_sliding_window: Type.Optional(Type.Boolean()),
  max_window_layers: Type.Optional(Type.Integer({ minimum: 0 })),
  layer_types: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
});
type Keys = Static<typeof Keys>;

export interface Positions {
  /** Positions that a sequence may take. */
  maxPositions: number;
  /** What sets that bound: a key of config.json, or the run's own lengths. */
  positionsLimit: "max_position_embeddings" | "sliding_window" | "lengths";
}

/**
 * The positions of a policy. Attention here reaches back to the beginning, which is what a sliding window does too for as
 * long as a sequence fits into it: a policy with a window is used up to its window, never beyond.
 */
export function usablePositions(document: JsonDocument, family: Family, layers: number): Positions {
  const keys = check<Keys>(Keys, document);
  const window = windowOf(keys, family, layers, document);
  return window < keys.max_position_embeddings
    ? { maxPositions: window, positionsLimit: "sliding_window" }
    : { maxPositions: keys.max_position_embeddings, positionsLimit: "max_position_embeddings" };
}

/** Positions that every layer attends to, the token's own included; infinite without a window. */
function windowOf(keys: Keys, { slidingWindow, defaults }: Family, layers: number, document: JsonDocument): number {
  if (slidingWindow === undefined) return Number.POSITIVE_INFINITY;
  const given = keys.sliding_window === undefined ? defaults.slidingWindow : keys.sliding_window;
  const window = given ?? Number.POSITIVE_INFINITY;
  if (slidingWindow === "always") return window;
  const other = keys.layer_types?.find((type) => type !== "full_attention" && type !== "sliding_attention");
  if (other !== undefined) {
    throw new InputError(
      `Layers of type ${showValue(other)} are not supported; those of type full_attention and sliding_attention are.`,
      document.locate(["layer_types"]),
    );
  }
  if (!keys.use_sliding_window) return Number.POSITIVE_INFINITY;
  const slides = keys.layer_types
    ? keys.layer_types.includes("sliding_attention")
    : layers > (keys.max_window_layers ?? defaults.maxWindowLayers ?? 0);
  return slides ? window : Number.POSITIVE_INFINITY;
}

/** What stands behind a bound, for a sentence. */
export function whyBounded({ maxPositions, positionsLimit }: Positions): string {
  switch (positionsLimit) {
    case "max_position_embeddings":
      return `the policy has ${maxPositions} (max_position_embeddings in config.json)`;
    case "sliding_window":
      return `the policy is computed within its window of ${maxPositions} only (sliding_window in config.json)`;
    case "lengths":
      return `the run was set up for ${maxPositions}`;
  }
}

/**
 * The policy with no more positions than a run can use, so that none of the others costs memory.
 * @param positions of the run's longest sequence; all that the policy has where it is undefined
 * @throws InputError where the run may ask for more than the policy has
 */
export function boundedTo<Config extends Positions>(config: Config, positions: number | undefined): Config {
  if (positions === undefined || positions === config.maxPositions) return config;
  if (positions < config.maxPositions) return { ...config, maxPositions: positions, positionsLimit: "lengths" };
  throw new InputError(
    `A prompt of settings.lengths.prompt tokens and a completion of settings.lengths.response need ${positions} positions, but ` +
      `${whyBounded(config)}; lower either of them.`,
  );
}
