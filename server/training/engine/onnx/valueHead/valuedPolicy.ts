/** A policy with a value head beside it: whatever of the policy is trained, the head is trained too, saved, and never exported. */
import type { Lora } from "../../lora.ts";
import { elements } from "../../shapes.ts";
import type { MicroBatch } from "../batching/microBatch.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Allocate, Inputs, Weights } from "../model/weights.ts";
import { countOf, type TrainedPolicy } from "../trainedPolicy.ts";
import { valueHeadShapes } from "./valueHead.ts";
import { loadValueHead, saveValueHead } from "./valueHeadFile.ts";

export class ValuedPolicy implements TrainedPolicy {
  readonly lora: Lora | undefined;
  readonly trained: Weights;
  readonly trainedShapes: ReadonlyMap<string, number[]>;
  readonly inputShapes: ReadonlyMap<string, number[]>;
  readonly parameters: number;
  readonly #policy: TrainedPolicy;
  readonly #head: Weights;
  readonly #headShapes: ReadonlyMap<string, number[]>;

  /**
   * The head starts at zero. V is then 0 for every state, so that the first advantages are those of the rewards alone, and its loss
   * has no gradient for the states that it reads: a head of random numbers would pull the policy's weights about for
   * what it foretells by chance. Its own gradient is not zero, so it leaves that point with the first step.
   */
  constructor(policy: TrainedPolicy, config: ModelConfig, allocate: Allocate) {
    this.#policy = policy;
    this.#headShapes = valueHeadShapes(config);
    this.#head = new Map([...this.#headShapes].map(([name, shape]) => [name, allocate(elements(shape))]));
    this.lora = policy.lora;
    this.trained = new Map([...policy.trained, ...this.#head]);
    this.trainedShapes = new Map([...policy.trainedShapes, ...this.#headShapes]);
    this.inputShapes = new Map([...policy.inputShapes, ...this.#headShapes]);
    this.parameters = policy.parameters + countOf(this.#head);
  }

  /** The reference has no values: nothing asks what it holds of a state. */
  inputs(policy: "current" | "reference"): Inputs {
    const inputs = this.#policy.inputs(policy);
    return policy === "current" ? new Map([...inputs, ...this.#head]) : inputs;
  }

  noise(batch: MicroBatch, update: number): Weights {
    return this.#policy.noise(batch, update);
  }

  save(dir: string): void {
    this.#policy.save(dir);
    saveValueHead(dir, this.#head, this.#headShapes);
  }

  /** The head first: a fault of a small file should not leave a policy that is loaded in part. */
  load(dir: string): void {
    loadValueHead(dir, this.#head, this.#headShapes);
    this.#policy.load(dir);
  }

  merged(): Pick<Weights, "get"> {
    return this.#policy.merged();
  }

  exportModel(dir: string, dtype: "f32" | "bf16"): void {
    this.#policy.exportModel(dir, dtype);
  }

  exportAdapter(dir: string): void {
    this.#policy.exportAdapter(dir);
  }
}
