/**
 * Reinforcement learning on problems so small that their best policy is known: an episode is a few turns, a turn one token, and what a
 * turn is told is the text so far.
 */

import { miniBatchAdvantages } from "../../../objectives/advantages.ts";
import { generalizedAdvantages, type Horizon } from "../../../objectives/gae.ts";
import type { PpoObjective } from "../../../objectives/objective.ts";
import type { Group, LearningGroup, LearningSignal, PolicyEngine } from "../../policyEngine.ts";

/** Prompt of every episode. */
export const START = Int32Array.of(1, 2);

/** The reward of a turn whose actions so far are these; undefined where the episode has ended before it. */
export type Problem = (actions: readonly number[]) => number | undefined;

export interface Course {
  seed: number;
  problem: Problem;
  /** Turns of the longest episode. */
  turns: number;
  horizon: Horizon;
  objective: PpoObjective;
  rounds: number;
  /** Episodes of a round, and how often a round is learnt from. */
  episodes: number;
  epochs: number;
  /** Both fall to zero over the rounds. */
  learningRate: number;
  valueLearningRate: number;
}

interface Turn {
  prompt: Int32Array;
  action: number;
  oldLogprob: number;
  value: number;
}

interface Episode {
  turns: Turn[];
  rewards: number[];
}

/** Draws episodes, estimates advantages from the engine's own values, and learns, round after round. */
export async function learnByPpo(engine: PolicyEngine, course: Course): Promise<void> {
  for (let round = 0; round < course.rounds; round++) {
    const episodes = await play(engine, course, round);
    const estimates = episodes.map(({ rewards, turns }) =>
      generalizedAdvantages(
        rewards,
        turns.map(({ value }) => value),
        course.horizon,
      ),
    );
    const advantages = miniBatchAdvantages(estimates.flatMap((estimate) => [...estimate.advantages]));
    const returns = estimates.flatMap((estimate) => [...estimate.returns]);
    const all = episodes.flatMap(({ turns }) => turns);
    const weights = Float32Array.of(1 / all.length);
    const signals = all.map(({ oldLogprob, value }, index): LearningSignal => {
      const values = { old: Float32Array.of(value), targets: Float32Array.of(returns[index] as number), weights };
      return { weights, advantage: advantages[index] as number, oldLogprobs: Float32Array.of(oldLogprob), values };
    });
    const groups = byPrompt(all).map(
      ({ places, ...group }): LearningGroup => ({
        ...group,
        signals: places.map((place) => signals[place] as LearningSignal),
      }),
    );
    const { objective, rounds } = course;
    const [learningRate, valueLearningRate] = [course.learningRate, course.valueLearningRate].map(
      (rate) => rate * (1 - round / rounds),
    ) as [number, number];
    for (let epoch = 0; epoch < course.epochs; epoch++) {
      await engine.update({ groups, objective, temperature: 1, learningRate, valueLearningRate });
    }
  }
}

async function play(
  engine: PolicyEngine,
  { seed, problem, turns, episodes }: Course,
  round: number,
): Promise<Episode[]> {
  const all: Episode[] = Array.from({ length: episodes }, () => ({ turns: [], rewards: [] }));
  for (let turn = 0; turn < turns; turn++) {
    const open = all.filter(({ turns }) => turns.length === turn);
    const prompts = open.map(({ turns }, sample) => ({
      tokens: Int32Array.from([...START, ...turns.map(({ action }) => action)]),
      key: { seed, step: round * 10 + turn, sample },
    }));
    for await (const drawn of engine.generate(prompts, 1, { temperature: 1, maxNewTokens: 1 })) {
      const episode = open[drawn.prompt] as Episode;
      const action = drawn.tokens[0] as number;
      const reward = problem([...episode.turns.map((earlier) => earlier.action), action]);
      if (reward === undefined) continue;
      const prompt = prompts[drawn.prompt]?.tokens as Int32Array;
      episode.turns.push({ prompt, action, oldLogprob: drawn.logprobs[0] as number, value: 0 });
      episode.rewards.push(reward);
    }
  }
  const played = all.flatMap(({ turns }) => turns);
  const groups = byPrompt(played);
  for (const [group, values] of (await engine.values(groups)).entries()) {
    for (const [index, place] of (groups[group]?.places ?? []).entries())
      (played[place] as Turn).value = values[index]?.[0] as number;
  }
  return all;
}

/** Turns that were told the same as one group, with their places in the list. */
function byPrompt(turns: readonly Turn[]): (Group & { places: number[] })[] {
  const groups = new Map<string, Group & { places: number[] }>();
  for (const [place, { prompt, action }] of turns.entries()) {
    const group = groups.get(prompt.join()) ?? { prompt, completions: [], places: [] };
    groups.set(prompt.join(), group);
    group.completions.push(Int32Array.of(action));
    group.places.push(place);
  }
  return [...groups.values()];
}

/** Probability of each token after the actions so far. */
export async function distributionAfter(
  engine: PolicyEngine,
  actions: readonly number[],
  policy: "current" | "reference" = "current",
): Promise<number[]> {
  const completions = Array.from({ length: engine.info.vocabulary }, (_, token) => Int32Array.of(token));
  const prompt = Int32Array.from([...START, ...actions]);
  const [logprobs] = await engine.logprobs([{ prompt, completions }], policy, 1);
  return (logprobs as Float32Array[]).map(([logprob]) => Math.exp(logprob as number));
}

/** What the head says of the state after the actions so far. */
export async function valueAfter(engine: PolicyEngine, actions: readonly number[]): Promise<number> {
  const [values] = await engine.values([
    { prompt: Int32Array.from([...START, ...actions]), completions: [Int32Array.of(0)] },
  ]);
  return values?.[0]?.[0] as number;
}
