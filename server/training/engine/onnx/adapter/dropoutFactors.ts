/** The random residues that the mask of ops/dropout.ts follows from: functions of the seed and of a token's place in the run. */
import type { Lora } from "../../lora.ts";
import { philox, STREAMS } from "../../philox.ts";
import type { MicroBatch } from "../batching/microBatch.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Weights } from "../model/weights.ts";
import { DROPOUT_FACTORS, DROPOUT_PRIME } from "../ops/dropout.ts";
import { adaptedProjections, adapterName } from "./adapterParameters.ts";

/** The input that holds the residues of all token rows. */
export const DROPOUT_ROWS = "dropoutRows";

/** Name of the input with the residues of a projection's columns. */
export function dropoutColumnsName(parameterOfA: string): string {
  return `${parameterOfA}:dropoutColumns`;
}

/** A draw's four words make four residues; the words' range is so much larger than p that their bias is none. */
const DRAWS = DROPOUT_FACTORS / 4;

/** [K, in] for every adapted projection. They stay the same all the run. */
export function columnFactors(config: ModelConfig, lora: Lora, seed: number): Weights {
  const factors = new Map<string, Float32Array>();
  for (const [index, { layer, projection, input }] of adaptedProjections(config, lora).entries()) {
    const columns = new Float32Array(DROPOUT_FACTORS * input);
    for (let column = 0; column < input; column++) {
      for (let draw = 0; draw < DRAWS; draw++) {
        const words = philox([column, draw, index, 0], [seed, STREAMS.dropoutColumns]);
        for (const [i, word] of words.entries()) columns[(4 * draw + i) * input + column] = word % DROPOUT_PRIME;
      }
    }
    factors.set(dropoutColumnsName(adapterName(layer, projection, "lora_A")), columns);
  }
  return factors;
}

/**
 * [N, K] for the token rows of a micro-batch, in the order of transformer.ts. A token's residues follow from the update,
 * its group, its completion and its place there, not from how the mini-batch was cut; padding has zeros.
 *
 * @param update number of the optimizer step
 */
export function rowFactors({ units, spans, sizes }: MicroBatch, seed: number, update: number) {
  const { B, G, P, L } = sizes;
  const rows = new Float32Array((B * P + B * G * L) * DROPOUT_FACTORS);
  /** @param owner 0 for the prompt, else the completion's number from 1 */
  const fill = (row: number, place: number, owner: number, group: number) => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const words = philox([DRAWS * place + draw, owner, group, update], [seed, STREAMS.dropoutRows]);
      for (const [i, word] of words.entries()) rows[row * DROPOUT_FACTORS + 4 * draw + i] = word % DROPOUT_PRIME;
    }
  };
  for (const [b, unit] of units.entries()) {
    for (let t = 0; t < unit.promptLength - 1; t++) fill(b * P + t, t, 0, unit.group);
  }
  for (const { group, completion, first, length } of spans) {
    for (let t = 0; t < length; t++) fill(B * P + first + t, t, completion + 1, group);
  }
  return rows;
}
