/** What an engine trains: all weights of a policy, or an adapter of them. */
import type { Lora } from "../lora.ts";
import type { MicroBatch } from "./batching/microBatch.ts";
import type { Inputs, Weights } from "./model/weights.ts";

export interface TrainedPolicy {
  /** Undefined where all weights are trained. */
  readonly lora: Lora | undefined;
  /** What an update changes, in place, and the shapes of it. */
  readonly trained: Weights;
  readonly trainedShapes: ReadonlyMap<string, number[]>;
  /** Shapes of what `inputs` has, what is no parameter left out. */
  readonly inputShapes: ReadonlyMap<string, number[]>;
  /** Parameters in all. */
  readonly parameters: number;
  /**
   * The parameters as every graph reads them. The reference is the policy of the model directory: what training all weights
   * began from, or what an adapter adds to, also where it was not a new one.
   */
  inputs(policy: "current" | "reference"): Inputs;
  /** Further inputs of the update's graph: the random numbers of dropout. `update` is the number of the optimizer step. */
  noise(batch: MicroBatch, update: number): Weights;
  /** Writes what is trained into a checkpoint, and reads it from there. */
  save(dir: string): void;
  load(dir: string): void;
  /** The weights of one network: an adapter is in them, added to the weights as their files have them, in whatever form training kept these. */
  merged(): Pick<Weights, "get">;
  exportModel(dir: string, dtype: "f32" | "bf16"): void;
  exportAdapter(dir: string): void;
}

export function countOf(weights: Weights): number {
  return [...weights.values()].reduce((sum, { length }) => sum + length, 0);
}
