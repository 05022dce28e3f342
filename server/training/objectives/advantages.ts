/** Advantages as deviations from a mean: of a prompt's group (GRPO; ToolExpander §3), and of a mini-batch (PPO). */

/** Keeps nearly constant numbers from dividing by nearly nothing. */
const STD_FLOOR = 1e-6;

/**
 * A_i = (r_i − mean) / (std + 1e-6) over one prompt's completions, std with ddof 1; without the division when normalizeStd
 * is false. A group whose rewards are all exactly equal gets zeros: equality is tested first, since rounding would make
 * the mean of equal rewards differ from them.
 * @param rewards of one group, finite; undefined where the reward failed: that completion gets 0 and takes no part
 * @throws Error on a reward that is not a finite number
 */
export function groupAdvantages(rewards: readonly (number | undefined)[], normalizeStd: boolean): Float64Array {
  const known = rewards.filter((reward) => reward !== undefined);
  const advantages = advantagesOf(known, normalizeStd);
  if (known.length === rewards.length) return advantages;
  let next = 0;
  return Float64Array.from(rewards, (reward) => (reward === undefined ? 0 : (advantages[next++] as number)));
}

/**
 * (A − mean) / (std + 1e-6) over the advantages of a mini-batch, std with ddof 1: the size of the rewards then does not set that of the
 * steps. No part of PPO as published, but of nearly all implementations (Huang et al. 2022, "The 37 Implementation Details of
 * Proximal Policy Optimization", detail 7). A single advantage has no spread and stays as it is.
 * @param advantages one for each turn that is learnt, finite
 */
export function miniBatchAdvantages(advantages: readonly number[]): Float64Array {
  return advantages.length === 1 ? Float64Array.from(advantages) : deviations(advantages, true);
}

function advantagesOf(rewards: readonly number[], normalizeStd: boolean): Float64Array {
  const bad = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (bad !== -1) throw new Error(`The reward of completion ${bad} is ${rewards[bad]}, which is no finite number.`);
  return deviations(rewards, normalizeStd);
}

/** From the mean, in standard deviations where it is so wanted; zeros where all numbers are exactly equal. */
function deviations(numbers: readonly number[], inDeviations: boolean): Float64Array {
  const found = new Float64Array(numbers.length);
  if (numbers.every((number) => number === numbers[0])) return found;

  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  for (const [index, number] of numbers.entries()) found[index] = number - mean;
  if (!inDeviations) return found;
  const squares = found.reduce((sum, deviation) => sum + deviation * deviation, 0);
  const scale = Math.sqrt(squares / (numbers.length - 1)) + STD_FLOOR;
  return found.map((deviation) => deviation / scale);
}
