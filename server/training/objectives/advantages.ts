/** Group-relative advantages (GRPO; ToolExpander §3). */

/** Keeps a nearly constant group from dividing by nearly nothing. */
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

function advantagesOf(rewards: readonly number[], normalizeStd: boolean): Float64Array {
  const bad = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (bad !== -1) throw new Error(`The reward of completion ${bad} is ${rewards[bad]}, which is no finite number.`);
  const advantages = new Float64Array(rewards.length);
  if (rewards.every((reward) => reward === rewards[0])) return advantages;

  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  for (const [index, reward] of rewards.entries()) advantages[index] = reward - mean;
  if (!normalizeStd) return advantages;
  const squares = advantages.reduce((sum, deviation) => sum + deviation * deviation, 0);
  const scale = Math.sqrt(squares / (rewards.length - 1)) + STD_FLOOR;
  return advantages.map((deviation) => deviation / scale);
}
