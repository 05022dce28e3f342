/** The parameters of an adapter: their names, shapes, and what they are before the first step. */

import type { Lora } from "../../lora.ts";
import { fraction, philox, STREAMS } from "../../philox.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import { type Projection, projectionName } from "../model/projections.ts";
import type { Weights } from "../model/weights.ts";

/** The input that holds s. With 0 the graph computes the policy without its adapter: the reference policy. */
export const ADAPTER_SCALE = "adapterScale";

const PARTS = ["lora_A", "lora_B"] as const;
type Part = (typeof PARTS)[number];

/** Name of one of a projection's two matrices, as PEFT has it behind its prefix. */
export function adapterName(layer: number, projection: Projection, part: Part): string {
  return projectionName(layer, projection, `${part}.weight`);
}

/** A projection of one layer that has an adapter. */
export interface AdaptedProjection {
  layer: number;
  projection: Projection;
  /** Of W [out, in]. */
  out: number;
  input: number;
}

/** In the order of the forward pass. */
export function adaptedProjections(config: ModelConfig, { targets }: Lora): AdaptedProjection[] {
  const shapes = parameterShapes(config);
  return Array.from({ length: config.layers }, (_, layer) =>
    targets.map((projection) => {
      const [out, input] = shapes.get(projectionName(layer, projection, "weight")) as [number, number];
      return { layer, projection, out, input };
    }),
  ).flat();
}

/** A [rank, in] and B [out, rank] of every adapted projection. */
export function adapterShapes(config: ModelConfig, lora: Lora): Map<string, number[]> {
  return new Map(
    adaptedProjections(config, lora).flatMap(({ layer, projection, out, input }): [string, number[]][] => [
      [adapterName(layer, projection, "lora_A"), [lora.rank, input]],
      [adapterName(layer, projection, "lora_B"), [out, lora.rank]],
    ]),
  );
}

/**
 * The adapter that training starts from: B is zero, so that the policy is what it was (Hu et al., section 4.1), and A is
 * drawn as PEFT draws it, by Kaiming's uniform rule with a = √5, which comes to U(−1/√in, 1/√in).
 */
export function newAdapter(config: ModelConfig, lora: Lora, seed: number): Weights {
  const adapter = new Map<string, Float32Array>();
  for (const [index, { layer, projection, out, input }] of adaptedProjections(config, lora).entries()) {
    const bound = 1 / Math.sqrt(input);
    const draw = (_: unknown, i: number) =>
      bound * (2 * fraction(philox([i, index, 0, 0], [seed, STREAMS.adapter])) - 1);
    adapter.set(adapterName(layer, projection, "lora_A"), Float32Array.from({ length: lora.rank * input }, draw));
    adapter.set(adapterName(layer, projection, "lora_B"), new Float32Array(out * lora.rank));
  }
  return adapter;
}
