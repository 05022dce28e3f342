/** A policy's weights with the projections in blocks of 4 bits, and the same weights as their files have them. */
import { InputError } from "../../../../../schemas/problem.ts";
import { openModelWeights } from "../../modelWeights.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { parameterShapes } from "../parameters.ts";
import { tensorSources } from "../tensorSources.ts";
import { type Allocate, type Inputs, readWeights, type Weights } from "../weights.ts";
import { type Blocks, NotFinite, quantize } from "./blocks.ts";
import { blockFault, frozenProjections, PARTS, partName } from "./frozenParameters.ts";

/**
 * Reads one weight after another, so that of those in float32 no more than the largest projection is there beside what stays.
 *
 * @throws InputError where the files or the blocks do not fit the policy, or a projection has a number that is not finite
 */
export function loadFrozen(dir: string, config: ModelConfig, block: number, allocate: Allocate): Inputs {
  const fault = blockFault(config, block);
  if (fault !== undefined) throw new InputError(fault, { file: dir });
  const projections = new Map(frozenProjections(config).map((projection) => [projection.name, projection]));
  const scratch = new Float32Array(Math.max(...[...projections.values()].map(({ out, input }) => out * input)));
  const place = (name: string, length: number) =>
    projections.has(name) ? scratch.subarray(0, length) : allocate(length);
  const frozen = new Map<string, Float32Array | Uint8Array>();
  for (const [name, values] of readWeights(dir, config, place)) {
    const projection = projections.get(name);
    if (projection === undefined) {
      frozen.set(name, values);
      continue;
    }
    const blocks = inBlocks(dir, name, () => quantize(values, projection.input, block, allocate));
    for (const part of PARTS) frozen.set(partName(name, part), blocks[part]);
  }
  return frozen;
}

/** A number that no block can hold is a fault of the file that it is from. */
function inBlocks(dir: string, name: string, make: () => Blocks): Blocks {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error;
    const sentence = `The tensor ${name} holds a number that is not finite, which cannot be kept in 4 bits.`;
    throw new InputError(sentence, { file: dir, key: name });
  }
}

/** The weights of the model directory in float32, each read when it is asked for. */
export function originalWeights(dir: string, config: ModelConfig): Pick<Weights, "get"> {
  const shapes = parameterShapes(config);
  let sources: ReadonlyMap<string, string> | undefined;
  return {
    get(name) {
      const shape = shapes.get(name);
      if (shape === undefined) return undefined;
      using file = openModelWeights(dir);
      sources ??= tensorSources(file, config);
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      file.readFloats(sources.get(name) ?? name, values);
      return values;
    },
  };
}
