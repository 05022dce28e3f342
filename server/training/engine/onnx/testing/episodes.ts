/**
 * Reinforcement learning on problems so small that their best policy is known: an episode is a few turns, a turn is one token, and what
 * a turn is told is the text so far.
 */
import { miniBatchAdvantages } from "../../../objectives/advantages.ts";
import { generalizedAdvantages, type Horizon } from "../../../objectives/gae.ts";
import type { PpoObjective } from "../../../objectives/objective.ts";
import type { Group, LearningGroup, LearningSignal, PolicyEngine } from "../../policyEngine.ts";

/** Prompt of every episode. */
const START = [1, 2];

/** The reward of the last of these actions. */
export type Problem = (actions: readonly number[]) => number;

export interface Course {
  problem: Problem;
  /** Turns of every episode. */
  turns: number;
  horizon: Horizon;
  objective: PpoObjective;
  /** Episodes are drawn, so many a round with a seed, or there is each that can be, weighted by how likely it is: the expectation itself. */
  episodes: { drawn: number; seed: number } | "each";
  /** Whether advantages are brought to mean 0 and deviation 1 over a round. */
  normalized: boolean;
  rounds: number;
  /** How often a round is learnt from. */
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
  /** Of all episodes of the round. */
  share: number;
}

/** Plays episodes, estimates advantages from the engine's own values, and learns, round after round. */
export async function learnByPpo(engine: PolicyEngine, course: Course): Promise<void> {
  for (let round = 0; round < course.rounds; round++) {
    const episodes =
      course.episodes === "each" ? await each(engine, course) : await drawn(engine, course, course.episodes, round);
    await evaluate(engine, episodes);
    const groups = await lessons(engine, episodes, course);
    const { objective, rounds } = course;
    const [learningRate, valueLearningRate] = [course.learningRate, course.valueLearningRate].map(
      (rate) => rate * (1 - round / rounds),
    ) as [number, number];
    for (let epoch = 0; epoch < course.epochs; epoch++) {
      await engine.update({ groups, objective, temperature: 1, learningRate, valueLearningRate });
    }
  }
}

async function drawn(
  engine: PolicyEngine,
  { problem, turns }: Course,
  { drawn: count, seed }: { drawn: number; seed: number },
  round: number,
): Promise<Episode[]> {
  const episodes = Array.from({ length: count }, (): Episode => ({ turns: [], rewards: [], share: 1 / count }));
  for (let turn = 0; turn < turns; turn++) {
    const prompts = episodes.map((episode, sample) => ({
      tokens: promptAfter(actionsOf(episode)),
      key: { seed, step: round * turns + turn, sample },
    }));
    for await (const { prompt, tokens, logprobs } of engine.generate(prompts, 1, { temperature: 1, maxNewTokens: 1 })) {
      act(episodes[prompt] as Episode, problem, tokens[0] as number, logprobs[0] as number);
    }
  }
  return episodes;
}

async function each(engine: PolicyEngine, { problem, turns }: Course): Promise<Episode[]> {
  let episodes: Episode[] = [{ turns: [], rewards: [], share: 1 }];
  for (let turn = 0; turn < turns; turn++) {
    const next: Episode[] = [];
    for (const { share, ...episode } of episodes) {
      for (const [action, logprob] of (await logprobsAfter(engine, actionsOf(episode))).entries()) {
        const longer = { turns: [...episode.turns], rewards: [...episode.rewards], share: share * Math.exp(logprob) };
        act(longer, problem, action, logprob);
        next.push(longer);
      }
    }
    episodes = next;
  }
  return episodes;
}

function act(episode: Episode, problem: Problem, action: number, oldLogprob: number): void {
  const actions = actionsOf(episode);
  episode.turns.push({ prompt: promptAfter(actions), action, oldLogprob, value: 0 });
  episode.rewards.push(problem([...actions, action]));
}

const actionsOf = ({ turns }: Pick<Episode, "turns">): number[] => turns.map(({ action }) => action);
const promptAfter = (actions: readonly number[]): Int32Array => Int32Array.from([...START, ...actions]);

/** Asks what every turn was worth before it. */
async function evaluate(engine: PolicyEngine, episodes: readonly Episode[]): Promise<void> {
  const turns = episodes.flatMap((episode) => episode.turns);
  const groups = byPrompt(turns);
  for (const [group, values] of (await engine.values(groups)).entries()) {
    for (const [index, place] of (groups[group]?.places ?? []).entries())
      (turns[place] as Turn).value = values[index]?.[0] as number;
  }
}

async function lessons(
  engine: PolicyEngine,
  episodes: readonly Episode[],
  { horizon, normalized, objective }: Course,
): Promise<LearningGroup[]> {
  const all = episodes.flatMap(({ turns, rewards, share }) => {
    const values = turns.map(({ value }) => value);
    const { advantages, returns } = generalizedAdvantages(rewards, values, horizon);
    return turns.map((turn, t) => ({
      ...turn,
      share,
      advantage: advantages[t] as number,
      target: returns[t] as number,
    }));
  });
  const raw = all.map(({ advantage }) => advantage);
  const advantages = normalized ? miniBatchAdvantages(raw) : raw;
  const groups = byPrompt(all);
  const reference = objective.beta > 0 ? await engine.logprobs(groups, "reference", 1) : [];
  return groups.map(({ places, ...group }, g) => ({
    ...group,
    signals: places.map((place, c): LearningSignal => {
      const { oldLogprob, value, target, share } = all[place] as (typeof all)[number];
      const weights = Float32Array.of(share);
      const refLogprobs = reference[g]?.[c];
      return {
        weights,
        advantage: advantages[place] as number,
        oldLogprobs: Float32Array.of(oldLogprob),
        ...(refLogprobs && { refLogprobs }),
        values: { old: Float32Array.of(value), targets: Float32Array.of(target), weights },
      };
    }),
  }));
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

/** Log-probability of each token after the actions so far. */
async function logprobsAfter(
  engine: PolicyEngine,
  actions: readonly number[],
  policy: "current" | "reference" = "current",
): Promise<number[]> {
  const completions = Array.from({ length: engine.info.vocabulary }, (_, token) => Int32Array.of(token));
  const [logprobs] = await engine.logprobs([{ prompt: promptAfter(actions), completions }], policy, 1);
  return (logprobs as Float32Array[]).map(([logprob]) => logprob as number);
}

/** And its probability. */
export async function distributionAfter(...question: Parameters<typeof logprobsAfter>): Promise<number[]> {
  return (await logprobsAfter(...question)).map(Math.exp);
}

/** What the head says of the state after the actions so far. */
export async function valueAfter(engine: PolicyEngine, actions: readonly number[]): Promise<number> {
  const [values] = await engine.values([{ prompt: promptAfter(actions), completions: [Int32Array.of(0)] }]);
  return values?.[0]?.[0] as number;
}
