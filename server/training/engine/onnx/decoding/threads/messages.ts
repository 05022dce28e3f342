/** What the engine and its decoding threads say to each other. Both are this program: nothing of it comes from outside. */
import type { Lora } from "../../../lora.ts";
import type { Completion, Prompt, Sampling } from "../../../policyEngine.ts";
import type { ModelConfig } from "../../model/modelConfig.ts";
import type { Inputs } from "../../model/weights.ts";

/** What a thread is started with. */
export interface DecoderStart {
  config: ModelConfig;
  lora: Lora | undefined;
  /** What is trained lies in shared memory: the thread reads what the last update wrote. */
  weights: Inputs;
  ends: ReadonlySet<number>;
}

export type Order =
  /** `maxSequences` are decoded together at most. */
  | { kind: "draw"; call: number; prompts: Prompt[]; n: number; sampling: Sampling; maxSequences: number }
  | { kind: "cancel"; call: number };

export type Answer =
  /** `prompt` counts within the prompts of the order. */
  | { kind: "drawn"; call: number; completion: Completion }
  /** The last of a call; `error` where it was broken off. */
  | { kind: "ended"; call: number; error?: unknown };
