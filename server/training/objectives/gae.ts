/**
 * Generalized advantage estimation (Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage
 * Estimation"). With the temporal-difference error of a value function V
 *
 *     δ_t = r_t + γ·V(s_{t+1}) − V(s_t)
 *
 * the advantage of turn t is their exponentially weighted sum (eq. 16), which the last turn ends:
 *
 *     Â_t = Σ_{l ≥ 0} (γλ)^l·δ_{t+l} = δ_t + γλ·Â_{t+1}
 *
 * λ = 0 trusts V beyond the next turn, λ = 1 only the rewards; in between, bias is traded for variance.
 */

/** Of the turns of one episode, in their order. */
export interface Estimates {
  /** Â_t. */
  advantages: Float64Array;
  /** What V is to become: the λ-return Â_t + V(s_t). */
  returns: Float64Array;
}

export interface Horizon {
  /** γ in [0, 1]: what a reward is worth that comes one turn later. */
  gamma: number;
  /** λ in [0, 1]. */
  lambda: number;
  /** V of what follows the last turn, where the episode was broken off; 0, since nothing follows, unless given. */
  bootstrap?: number;
}

/**
 * @param rewards r_t of each turn
 * @param values V(s_t) of each turn, before any update on them
 */
export function generalizedAdvantages(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  { gamma, lambda, bootstrap = 0 }: Horizon,
): Estimates {
  if (rewards.length !== values.length) {
    throw new RangeError(`An episode has ${rewards.length} rewards but ${values.length} values.`);
  }
  for (const [name, factor] of Object.entries({ gamma, lambda })) {
    if (!(factor >= 0 && factor <= 1)) throw new RangeError(`${name} is ${factor}; it lies between 0 and 1.`);
  }
  const advantages = new Float64Array(rewards.length);
  let next = { value: bootstrap, advantage: 0 };
  for (let turn = rewards.length - 1; turn >= 0; turn--) {
    const value = values[turn] as number;
    const error = (rewards[turn] as number) + gamma * next.value - value;
    next = { value, advantage: error + gamma * lambda * next.advantage };
    advantages[turn] = next.advantage;
  }
  return { advantages, returns: advantages.map((advantage, turn) => advantage + (values[turn] as number)) };
}
