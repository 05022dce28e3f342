import assert from "node:assert/strict";
import test from "node:test";
import { PRESETS } from "../../../schemas/presets.ts";
import type { EpisodeRecord } from "../../store/episodeRows.ts";
import type { StoredEpisode, StoredTurn } from "./data.ts";
import { estimate, lessonsOf } from "./lessons.ts";

const { settings } = PRESETS.spark;

const turn = (question: string, index: number, reward: number, tokens: number): StoredTurn => ({
  question,
  turn: index,
  prompt: Int32Array.of(1, 2),
  completion: new Int32Array(tokens).fill(3),
  reward,
  viable: true,
});

const episode = (question: string, rewards: readonly number[]): StoredEpisode => ({
  record: { question } as EpisodeRecord,
  turns: rewards.map((reward, index) => turn(question, index, reward, 2 + index)),
});

const episodes = [episode("a", [1, 0, 2]), episode("b", [-1])];
const turns = episodes.flatMap((one) => one.turns);
const values = Float32Array.of(0.5, 0.25, 1, -0.5);

test("advantages are estimated within an episode, and never across its end", () => {
  const { advantages, returns } = estimate(episodes, values, { gamma: 0.5, lambda: 0.5 });
  // δ: 1 + ½·¼ − ½, 0 + ½·1 − ¼, 2 − 1; Â_t = δ_t + ¼·Â_{t+1}; the second episode begins anew.
  const last = 1;
  const middle = 0.25 + 0.25 * last;
  assert.deepEqual([...advantages], [0.625 + 0.25 * middle, middle, last, -0.5]);
  assert.deepEqual(
    [...returns],
    [...advantages].map((advantage, index) => advantage + (values[index] as number)),
  );
});

test("a turn's tokens share its advantage, and its value is learnt at the first of them alone", () => {
  const estimates = estimate(episodes, values, { gamma: 1, lambda: 1 });
  const frozen = {
    epoch: 0,
    oldLogprobs: turns.map(({ completion }, index) => new Float32Array(completion.length).fill(-index)),
    refLogprobs: turns.map(({ completion }, index) => new Float32Array(completion.length).fill(-10 - index)),
    values,
  };
  const plain = { ...settings, ppo: { ...settings.ppo, normalizeAdvantages: false } };
  const [first, second] = lessonsOf([2, 0], turns, frozen, estimates, plain);
  const signal = first?.signals[0];
  assert.equal(signal?.advantage, 1);
  assert.equal(second?.signals[0]?.advantage, 2.5);
  assert.deepEqual(signal?.oldLogprobs, frozen.oldLogprobs[2]);
  assert.deepEqual(signal?.refLogprobs, frozen.refLogprobs[2]);
  assert.deepEqual(signal?.values?.weights, Float32Array.of(0.5, 0, 0, 0));
  assert.deepEqual(signal?.values?.targets, Float32Array.of(2, 0, 0, 0));
  assert.deepEqual(signal?.values?.old, Float32Array.of(1, 0, 0, 0));
  // token-mean: one over the 4 + 2 tokens of the mini-batch.
  for (const weight of [...(signal?.weights ?? []), ...(second?.signals[0]?.weights ?? [])])
    assert.equal(weight, Math.fround(1 / 6));
  const normalized = lessonsOf([2, 0, 3], turns, frozen, estimates, settings).map(
    ({ signals }) => signals[0]?.advantage ?? 0,
  );
  assert.ok(Math.abs(normalized.reduce((sum, one) => sum + one, 0)) < 1e-12);
});
