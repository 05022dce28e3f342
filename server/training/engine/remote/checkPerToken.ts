/** Numbers for tokens that came over from the engine process, checked before the loop builds on them. */
import type { Group, UpdateMetrics } from "../policyEngine.ts";

/**
 * Returns what was found, or throws where it is not one array of 32-bit floats for each completion, as long as that is. Numbers that are
 * not finite pass: a policy that has diverged has them, and the loop says so in its own words.
 */
export function checkPerToken(found: Float32Array[][], groups: readonly Group[], what: string): Float32Array[][] {
  const sound =
    isListOf(found, groups.length) &&
    groups.every(
      ({ completions }, group) =>
        isListOf(found[group], completions.length) &&
        completions.every((tokens, completion) => {
          const numbers: unknown = found[group]?.[completion];
          return numbers instanceof Float32Array && numbers.length === tokens.length;
        }),
    );
  if (!sound) throw new Error(`The engine sent ${what} that cannot be: they are not one for each token.`);
  return found;
}

export function checkMetrics(metrics: UpdateMetrics, groups: readonly Group[]): UpdateMetrics {
  const { loss, gradNorm, valueLoss = 0, logprobs, entropies, values } = metrics;
  for (const [name, number] of Object.entries({ loss, gradNorm, valueLoss })) {
    if (typeof number !== "number") throw new Error(`The engine sent metrics that cannot be: ${name} is no number.`);
  }
  checkPerToken(logprobs, groups, "log-probabilities");
  if (entropies) checkPerToken(entropies, groups, "entropies");
  if (values) checkPerToken(values, groups, "values");
  return metrics;
}

const isListOf = (list: unknown, length: number): boolean => Array.isArray(list) && list.length === length;
