/** An adapter merged into the weights: W + s·B·A (Hu et al. 2021, section 4.1). */
import { type Lora, scaleOf } from "../../lora.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { projectionName } from "../model/projections.ts";
import type { Weights } from "../model/weights.ts";
import { adaptedProjections, adapterName } from "./adapterParameters.ts";

/** The merged weights, each made when it is asked for: all of them at once would be a second copy of the policy. */
export function mergedWeights(
  base: Pick<Weights, "get">,
  adapter: Weights,
  config: ModelConfig,
  lora: Lora,
): Pick<Weights, "get"> {
  const projections = new Map(
    adaptedProjections(config, lora).map((adapted) => [
      projectionName(adapted.layer, adapted.projection, "weight"),
      adapted,
    ]),
  );
  return {
    get(name) {
      const weight = base.get(name);
      const found = projections.get(name);
      if (weight === undefined || found === undefined) return weight;
      const part = (name: "lora_A" | "lora_B") =>
        adapter.get(adapterName(found.layer, found.projection, name)) as Float32Array;
      return merged(weight, part("lora_A"), part("lora_B"), lora.rank, scaleOf(lora));
    },
  };
}

/** W [out, in] + s·B·A, with A [rank, in] and B [out, rank]; summed in float64. */
function merged(weight: Float32Array, a: Float32Array, b: Float32Array, rank: number, scale: number): Float32Array {
  const input = a.length / rank;
  const result = new Float32Array(weight.length);
  const row = new Float64Array(input);
  for (let o = 0; o < weight.length / input; o++) {
    row.set(weight.subarray(o * input, (o + 1) * input));
    for (let k = 0; k < rank; k++) {
      const factor = scale * (b[o * rank + k] as number);
      const offset = k * input;
      for (let i = 0; i < input; i++) row[i] = (row[i] as number) + factor * (a[offset + i] as number);
    }
    result.set(row, o * input);
  }
  return result;
}
