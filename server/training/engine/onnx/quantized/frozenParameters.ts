/** The parameters of a policy whose projections are frozen in blocks of 4 bits: their names, their shapes, and whether blocks fit them. */
import { BLOCK_SIZES } from "../../../../../schemas/adapter.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { parameterShapes } from "../parameters.ts";
import { PROJECTIONS, projectionName } from "../projections.ts";
import { type Blocks, blockBytes, blockShapes } from "./blocks.ts";

/** A projection of one layer. */
export interface FrozenProjection {
  /** Name of its weight, [out, input]. */
  name: string;
  out: number;
  input: number;
}

export const PARTS = ["packed", "scales", "zeros"] as const satisfies readonly (keyof Blocks)[];

/** Name of a part of the blocks of a projection's weight. */
export const partName = (weight: string, part: keyof Blocks) => `${weight}.${part}`;

/** Every linear projection of every layer, in the order of the forward pass. Embeddings, norms, biases and the head are none. */
export function frozenProjections(config: ModelConfig): FrozenProjection[] {
  const shapes = parameterShapes(config);
  return Array.from({ length: config.layers }, (_, layer) =>
    PROJECTIONS.map((projection) => {
      const name = projectionName(layer, projection, "weight");
      const [out, input] = shapes.get(name) as [number, number];
      return { name, out, input };
    }),
  ).flat();
}

/** Shapes of all parameters as graphs read them, with every projection's weight in blocks. */
export function frozenShapes(config: ModelConfig, block: number): Map<string, number[]> {
  const shapes = parameterShapes(config);
  for (const { name, out, input } of frozenProjections(config)) {
    shapes.delete(name);
    const parts = blockShapes(out, input, block);
    for (const part of PARTS) shapes.set(partName(name, part), parts[part]);
  }
  return shapes;
}

/** Numbers that are kept in blocks, and the bytes of them. */
export function frozenSizes(config: ModelConfig, block: number): { numbers: number; bytes: number } {
  const sizes = { numbers: 0, bytes: 0 };
  for (const { out, input } of frozenProjections(config)) {
    sizes.numbers += out * input;
    sizes.bytes += blockBytes(out, input, block);
  }
  return sizes;
}

/** Why blocks of that size do not fit the policy, in one sentence; undefined where they do. */
export function blockFault(config: ModelConfig, block: number): string | undefined {
  const unfit = (size: number) => frozenProjections(config).find(({ input }) => input % (2 * size) !== 0);
  const found = unfit(block);
  if (found === undefined) return undefined;
  // An even number, since two zero points share a byte and kernels of WebGPU read no half of one (ONNX Runtime 1.30).
  const problem = `The policy's ${found.name} has ${found.input} inputs, which are no even number of blocks of ${block}`;
  const fitting = BLOCK_SIZES.findLast((size) => unfit(size) === undefined);
  return fitting === undefined
    ? `${problem}, nor of smaller ones; set settings.adapter.base to "f32".`
    : `${problem}; set settings.adapter.block to ${fitting}.`;
}
