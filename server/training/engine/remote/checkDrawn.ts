/** A completion that came over from the engine process, checked before the loop builds on it. */
import type { Completion } from "../policyEngine.ts";

/** Returns the completion, or throws where indices or lengths cannot be. */
export function checkDrawn(completion: Completion, prompts: number, n: number, maxNewTokens: number): Completion {
  const { prompt, rollout, tokens, logprobs, entropies } = completion;
  const within = (index: number, size: number): boolean => Number.isInteger(index) && index >= 0 && index < size;
  const sound =
    within(prompt, prompts) &&
    within(rollout, n) &&
    tokens instanceof Int32Array &&
    logprobs instanceof Float32Array &&
    entropies instanceof Float32Array &&
    tokens.length >= 1 &&
    tokens.length <= maxNewTokens &&
    logprobs.length === tokens.length &&
    entropies.length === tokens.length;
  if (!sound) {
    throw new Error(
      `The engine sent a completion that cannot be: prompt ${prompt} of ${prompts}, rollout ${rollout} of ${n}, ${tokens?.length} tokens`,
    );
  }
  return completion;
}
