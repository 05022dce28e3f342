/**
 * The random streams of episodes. Turn t of episode i has the key (seed of "turn t", step, i), so turns share no numbers with one
 * another, nor with rollouts of samples, whose key has the run's own seed. Within a turn, stream 0 is what the policy writes by itself, a
 * whole turn or a thought, and stream c + 1 is candidate c: which episodes are played side by side changes nothing.
 */
import { seedFor } from "../draw.ts";
import type { RngKey } from "../engine/policyEngine.ts";

/** Of what the policy writes by itself. */
export const OWN_STREAM = 0;

/** Of candidate `candidate`, from 0. */
export const candidateStream = (candidate: number): number => OWN_STREAM + 1 + candidate;

/** @param at the run's seed, the step that the episode belongs to (0 outside of a run), and the episode's place among all questions */
export function turnKey(
  { seed, step, episode }: { seed: number; step: number; episode: number },
  turn: number,
): RngKey {
  return { seed: seedFor(seed, `turn ${turn}`), step, sample: episode };
}
