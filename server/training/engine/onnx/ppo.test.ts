/** PPO, whole and through the engine, on problems whose best policy is known: it has to come to that one. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import test, { after, before } from "node:test";
import type { PpoObjective } from "../../objectives/objective.ts";
import type { PolicyEngine } from "../policyEngine.ts";
import { createOnnxEngine } from "./engine.ts";
import { writeRandomModel } from "./memory/testing/randomModel.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import type { Weights } from "./model/weights.ts";
import { type Course, distributionAfter, learnByPpo, type Problem, valueAfter } from "./testing/episodes.ts";
import { largestDifference } from "./testing/evaluate.ts";
import { Random } from "./testing/random.ts";
import { randomWeights, tinyConfig } from "./testing/tinyPolicy.ts";

const OBJECTIVE: PpoObjective = {
  kind: "ppo",
  clipLow: 0.2,
  clipHigh: 0.2,
  beta: 0,
  kl: "k2",
  entropy: 0,
  valueCoefficient: 0.5,
};

/** Flat enough at first for every action to be tried. */
function flatWeights(config: ModelConfig): Weights {
  const weights = randomWeights(config, new Random(1));
  const embedding = weights.get("model.embed_tokens.weight") as Float32Array;
  return weights.set(
    "model.embed_tokens.weight",
    embedding.map((weight) => 0.4 * weight),
  );
}

const config = tinyConfig(true, { vocabulary: 6 });
let model = "";
before(() => {
  model = writeRandomModel(config, flatWeights(config));
});
after(() => rmSync(model, { recursive: true }));

const open = (): Promise<PolicyEngine> =>
  createOnnxEngine({
    model,
    valueHead: true,
    device: "cpu",
    threads: 1,
    microBatchTokens: 1024,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
  });

const course = (problem: Problem, turns: number, changes: Partial<Course> = {}): Course => ({
  problem,
  turns,
  horizon: { gamma: 1, lambda: 0.95 },
  // Advantages and the entropy bonus in units of the reward: without a bonus that weighs, who finds the greedy action first tries no other.
  objective: { ...OBJECTIVE, entropy: 0.1, valueClip: 0.5 },
  episodes: { drawn: 32, seed: 7 },
  normalized: false,
  rounds: 36,
  epochs: 3,
  learningRate: 0.01,
  valueLearningRate: 0.1,
  ...changes,
});

/** Without sampling: a small step along the expected gradient itself. */
const exactCourse = (problem: Problem, turns: number, changes: Partial<Course>): Course =>
  course(problem, turns, {
    episodes: "each",
    rounds: 150,
    epochs: 1,
    learningRate: 0.02,
    valueLearningRate: 0.05,
    ...changes,
  });

/** exp(r/c)·prior, normalized: the best policy where c·KL(π ‖ prior) is paid, which an entropy bonus is for a prior that is even. */
function tilted(rewards: readonly number[], c: number, prior: readonly number[] = rewards.map(() => 1)): number[] {
  const weights = rewards.map((reward, action) => (prior[action] as number) * Math.exp(reward / c));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Reward of each arm; the best is one that the policy seldom pulls at first. */
const ARMS = [0.3, 0.7, 0.5, 0.6, 0.2, 0.1];
const bandit: Problem = ([arm]) => ARMS[arm as number] as number;

test("a bandit: the best arm is pulled, and the value is its reward", async () => {
  const engine = await open();
  const best = ARMS.indexOf(Math.max(...ARMS));
  const start = await distributionAfter(engine, []);
  assert.ok((start[best] as number) < 0.1, `${start[best]} at the start: the case tests nothing`);
  assert.equal(await valueAfter(engine, []), 0);
  await learnByPpo(engine, course(bandit, 1, { normalized: true, objective: { ...OBJECTIVE, entropy: 0.04 } }));
  const [end, value] = [await distributionAfter(engine, []), await valueAfter(engine, [])];
  assert.ok((end[best] as number) > 0.95, `the best arm has ${end[best]} of ${end}`);
  assert.ok(Math.abs(value - (ARMS[best] as number)) < 0.05, `its value is ${value}`);
  await engine.dispose();
});

const [GREEDY, PATIENT, RIGHT] = [3, 5, 4];
/**
 * The greedy first action, which is the likeliest too, is rewarded at once and leads nowhere. The patient one is not, and then the
 * right one of the second turn is worth more than that; chosen by chance, it is worth less.
 */
const twoTurns: Problem = ([first, second]) => {
  if (second === undefined) return first === GREEDY ? 0.3 : 0;
  return first === PATIENT && second === RIGHT ? 1 : 0;
};

/** The best first turn of who knows of no second one, with an entropy bonus of 0.1. */
const shortSighted = tilted(
  Array.from({ length: config.vocabulary }, (_, action) => twoTurns([action])),
  0.1,
);

const reached = async (engine: PolicyEngine) => {
  const [first, second] = [await distributionAfter(engine, []), await distributionAfter(engine, [PATIENT])];
  return { greedy: first[GREEDY] as number, patient: first[PATIENT] as number, right: second[RIGHT] as number };
};

const isLearnt = async (engine: PolicyEngine): Promise<void> => {
  const found = await reached(engine);
  assert.ok(found.patient > 0.9 && found.right > 0.9, JSON.stringify(found));
  const [start, later] = [await valueAfter(engine, []), await valueAfter(engine, [PATIENT])];
  assert.ok(Math.abs(start - 1) < 0.15 && Math.abs(later - 1) < 0.15, `values ${start} and ${later}`);
};

test("two turns: the greedy first action is left for the patient one", async () => {
  const engine = await open();
  const before = await reached(engine);
  assert.ok(before.greedy > 3 * before.patient && before.right < 0.4, JSON.stringify(before));
  await learnByPpo(engine, course(twoTurns, 2));
  await isLearnt(engine);
  await engine.dispose();
});

test("two turns: where later rewards are worth nothing (γ = 0), the greedy first action is the best one", async () => {
  const engine = await open();
  await learnByPpo(engine, course(twoTurns, 2, { horizon: { gamma: 0, lambda: 0.95 } }));
  const { greedy } = await reached(engine);
  assert.ok(Math.abs(greedy - (shortSighted[GREEDY] as number)) < 0.1, `${greedy}, ${shortSighted}`);
  await engine.dispose();
});

/** With λ = 0 an advantage knows of the next turn what the value head says, and nothing else. */
for (const valueCoefficient of [0.5, 0]) {
  const what =
    valueCoefficient > 0
      ? "the value of the next turn tells the first action"
      : "where no value is learnt, nobody tells it";
  test(`two turns, λ = 0: ${what} of the second's reward`, async () => {
    const engine = await open();
    const objective = { ...OBJECTIVE, entropy: 0.1, valueCoefficient };
    await learnByPpo(engine, exactCourse(twoTurns, 2, { horizon: { gamma: 1, lambda: 0 }, objective }));
    if (valueCoefficient > 0) await isLearnt(engine);
    else assert.ok(largestDifference(await distributionAfter(engine, []), shortSighted) < 1e-2);
    await engine.dispose();
  });
}

for (const [name, terms, best] of [
  ["with an entropy bonus c_H, π ∝ exp(r/c_H)", { entropy: 0.3 }, () => tilted(ARMS, 0.3)],
  ["with a KL term beta, π ∝ π_ref·exp(r/beta)", { beta: 0.4 }, (reference: number[]) => tilted(ARMS, 0.4, reference)],
] as const) {
  test(`a bandit's best policy is stochastic ${name}, and learnt to 1e-2`, async () => {
    const engine = await open();
    const expected = best(await distributionAfter(engine, [], "reference"));
    await learnByPpo(engine, exactCourse(bandit, 1, { objective: { ...OBJECTIVE, ...terms } }));
    const found = await distributionAfter(engine, []);
    assert.ok(largestDifference(found, expected) < 1e-2, `${found} instead of ${expected}`);
    const mean = expected.reduce((sum, p, arm) => sum + p * (ARMS[arm] as number), 0);
    const value = await valueAfter(engine, []);
    assert.ok(Math.abs(value - mean) < 1e-2, `the value is ${value} instead of ${mean}`);
    await engine.dispose();
  });
}

test("the same course ends at the same bits", async () => {
  const [first, second] = [await open(), await open()];
  const short = course(twoTurns, 2, { rounds: 3 });
  await learnByPpo(first, short);
  await learnByPpo(second, short);
  assert.deepEqual(await distributionAfter(first, [PATIENT]), await distributionAfter(second, [PATIENT]));
  assert.equal(await valueAfter(first, []), await valueAfter(second, []));
  await Promise.all([first.dispose(), second.dispose()]);
});
