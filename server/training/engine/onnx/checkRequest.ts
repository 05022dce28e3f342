/** What a request may ask of a policy: the kernels themselves would answer with wrong numbers or an obscure error. */
import { InputError } from "../../../../schemas/problem.ts";
import type { Group, Prompt } from "../policyEngine.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import { whyBounded } from "./model/usablePositions.ts";

/** @throws InputError where a prompt with the tokens that may follow it does not fit the policy */
export function checkPrompts(prompts: readonly Prompt[], maxNewTokens: number, config: ModelConfig): void {
  for (const { tokens } of prompts) checkSequence(tokens, maxNewTokens, config);
}

/** @throws InputError where a prompt with one of its completions does not fit the policy */
export function checkGroups(groups: readonly Group[], config: ModelConfig): void {
  for (const { prompt, completions } of groups) {
    if (completions.length === 0) throw new RangeError("A group needs a completion");
    for (const completion of completions) {
      if (completion.length === 0) throw new RangeError("A completion needs a token");
      checkTokens(completion, config);
    }
    checkSequence(prompt, Math.max(...completions.map(({ length }) => length)), config);
  }
}

function checkSequence(prompt: Int32Array, following: number, config: ModelConfig): void {
  if (prompt.length < 2) throw new RangeError("A prompt needs two tokens");
  checkTokens(prompt, config);
  // The last token of a completion is predicted, never read.
  const positions = prompt.length + following - 1;
  if (positions <= config.maxPositions) return;
  throw new InputError(
    `A prompt of ${prompt.length} tokens and ${following} more need ${positions} positions, but ${whyBounded(config)}; ` +
      "lower lengths.prompt or lengths.response.",
  );
}

function checkTokens(tokens: Int32Array, { vocabulary }: ModelConfig): void {
  for (const token of tokens) {
    if (token >= 0 && token < vocabulary) continue;
    throw new InputError(
      `Token ${token} is not in the policy's vocabulary of ${vocabulary}; the tokenizer belongs to another model.`,
    );
  }
}
