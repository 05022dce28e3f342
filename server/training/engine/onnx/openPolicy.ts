/** The policy of a model directory, as it is before the first step. */
import type { Lora } from "../lora.ts";
import { AdaptedPolicy } from "./adapter/adaptedPolicy.ts";
import { FullPolicy } from "./fullPolicy.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import type { Allocate } from "./model/weights.ts";
import type { TrainedPolicy } from "./trainedPolicy.ts";
import { ValuedPolicy } from "./valueHead/valuedPolicy.ts";

export interface PolicyOptions {
  /** Hugging Face model directory. */
  model: string;
  /** Trained in place of the policy's weights; without it, all of them are. */
  adapter?: Lora;
  /** PEFT adapter directory that the adapter starts from. */
  initialAdapter?: string;
  /** Of an adapter's first values and its dropout, 0 by default. */
  seed?: number;
  /** Whether states have values, which the objective "ppo" learns; false by default. */
  valueHead?: boolean;
}

/** @throws InputError where the directory's weights, or the adapter to start from, cannot be used */
export function openPolicy(options: PolicyOptions, config: ModelConfig, allocate: Allocate): TrainedPolicy {
  const policy = openWithoutValues(options, config, allocate);
  return options.valueHead ? new ValuedPolicy(policy, config, allocate) : policy;
}

function openWithoutValues(options: PolicyOptions, config: ModelConfig, allocate: Allocate): TrainedPolicy {
  const { model, adapter, initialAdapter, seed = 0 } = options;
  if (adapter === undefined) return new FullPolicy(model, config, allocate);
  return new AdaptedPolicy(model, config, { lora: adapter, seed, initial: initialAdapter }, allocate);
}
