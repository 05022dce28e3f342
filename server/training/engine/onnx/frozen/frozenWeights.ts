/** A policy's weights with the projections in another form than float32, and the same weights as their files have them. */
import { InputError } from "../../../../../schemas/problem.ts";
import type { FrozenForm } from "../../lora.ts";
import { openModelWeights } from "../../modelWeights.ts";
import { elements } from "../../shapes.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import { tensorSources } from "../model/tensorSources.ts";
import { type Allocate, type InputArray, type Inputs, readWeights, type Weights } from "../model/weights.ts";
import { formOf } from "./forms.ts";
import { formFault, frozenParts, frozenProjections } from "./frozenParameters.ts";
import { Unkeepable } from "./unkeepable.ts";

/**
 * Reads one weight after another, so that of those in float32 no more than the largest projection is there beside what stays.
 *
 * @throws InputError where the files or the form do not fit the policy, or a projection has a number that the form cannot keep
 */
export function loadFrozen(dir: string, config: ModelConfig, frozen: FrozenForm, allocate: Allocate): Inputs {
  const fault = formFault(config, frozen);
  if (fault !== undefined) throw new InputError(fault, { file: dir });
  const form = formOf(frozen);
  const projections = new Map(frozenProjections(config).map((projection) => [projection.name, projection]));
  const scratch = new Float32Array(Math.max(...[...projections.values()].map(({ out, input }) => out * input)));
  const place = (name: string, length: number) =>
    projections.has(name) ? scratch.subarray(0, length) : allocate(length);
  const weights = new Map<string, InputArray>();
  for (const [name, values] of readWeights(dir, config, place)) {
    const projection = projections.get(name);
    if (projection === undefined) {
      weights.set(name, values);
      continue;
    }
    const data = kept(dir, name, () => form.keep(values, projection, allocate));
    // What the data are is the same for all targets; only shapes differ.
    const parts = frozenParts(projection, frozen, "cpu");
    for (const [index, part] of parts.entries()) weights.set(part.name, data[index] as InputArray);
  }
  return weights;
}

/** A number that cannot be kept is a fault of the file that it is from. */
function kept(dir: string, name: string, keep: () => InputArray[]): InputArray[] {
  try {
    return keep();
  } catch (error) {
    if (!(error instanceof Unkeepable)) throw error;
    throw new InputError(`The tensor ${name} holds ${error.message}.`, { file: dir, key: name });
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
      const values = new Float32Array(elements(shape));
      file.readFloats(sources.get(name) ?? name, values);
      return values;
    },
  };
}
