/** A policy of a training's own graphs, fed with numbers that follow from their places: the same on each device. */

import { elements } from "../../shapes.ts";
import { type Sizes, sizeOf } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import type { HostFeed } from "../runtime/session.ts";

/** Largest id and position that is fed, so that tables of 32 rows have it. */
const IDS = 32;

/** Something for each input of a graph: weights of a size that keeps activations near 1, ids and positions below 32. */
export function sampleFeeds(graph: Graph, sizes: Sizes): Map<string, HostFeed> {
  return new Map([...graph.inputs.values()].map((value) => [value.name, sample(value, sizes)]));
}

function sample({ name, dtype, shape }: Value, sizes: Sizes): HostFeed {
  const index = ordinal(name);
  const dims = shape.map((dim) => sizeOf(dim, sizes));
  const length = elements(dims);
  if (dtype === "int64") return BigInt64Array.from({ length }, (_, i) => BigInt((7 * i + index) % IDS));
  const isScale = name === "inverseTemperature" || name.endsWith("norm.weight");
  const spread = Math.min(0.5, 2 / Math.sqrt(dims.at(-1) ?? 1));
  // An irrational pace has no period that a shifted or transposed index would fall in with.
  return Float32Array.from({ length }, (_, i) => (isScale ? 1 : 0) + spread * Math.sin((i + 1) * (0.7 + 0.31 * index)));
}

/** A number below 1000 that follows from the name. */
const ordinal = (name: string): number => [...name].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 997, 7);
