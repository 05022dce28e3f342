/** Sampling: the same distribution as scoring, and streams that depend on the rollout alone. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Completion, PolicyEngine, Prompt, Sampling } from "../../policyEngine.ts";
import { createOnnxEngine } from "../engine.ts";
import { goldenDir } from "../testing/golden.ts";

const optimizer = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 };

function engine(maxSequences = 256): Promise<PolicyEngine> {
  return createOnnxEngine({
    model: goldenDir("untied"),
    device: "cpu",
    threads: 2,
    microBatchTokens: 4096,
    optimizer,
    maxSequences,
  });
}

function prompt(length: number, sample: number): Prompt {
  return {
    tokens: Int32Array.from({ length }, (_, t) => (7 * t + 5 * sample + 3) % 64),
    key: { seed: 11, step: 2, sample },
  };
}

const prompts = [prompt(9, 0), prompt(2, 1), prompt(14, 2), prompt(5, 3)];

async function sample(
  policy: PolicyEngine,
  asked: Prompt[],
  n: number,
  sampling: Sampling,
): Promise<Map<string, Completion>> {
  const completions = new Map<string, Completion>();
  for await (const completion of policy.generate(asked, n, sampling)) {
    completions.set(`${asked[completion.prompt]?.key.sample}/${completion.rollout}`, completion);
  }
  return completions;
}

test("every rollout comes once, ends with an end token or at the limit, and carries the scoring pass's log-probabilities", async () => {
  const policy = await engine();
  const completions = await sample(policy, prompts, 6, { temperature: 0.9, maxNewTokens: 40 });
  assert.equal(completions.size, prompts.length * 6);
  const groups = prompts.map(({ tokens, key }) => ({
    prompt: tokens,
    completions: Array.from(
      { length: 6 },
      (_, rollout) => (completions.get(`${key.sample}/${rollout}`) as Completion).tokens,
    ),
  }));
  const scored = await policy.logprobs(groups, "current", 0.9);
  const lengths = new Set<number>();
  for (const { prompt: p, rollout, tokens, logprobs, truncated } of completions.values()) {
    lengths.add(tokens.length);
    assert.equal(truncated, tokens.at(-1) !== 1);
    assert.ok(!truncated || tokens.length === 40);
    for (const [t, logprob] of logprobs.entries()) {
      assert.ok(
        Math.abs(logprob - (scored[p]?.[rollout]?.[t] as number)) < 2e-5,
        `sample ${p}, rollout ${rollout}, token ${t}`,
      );
    }
  }
  assert.ok(lengths.size > 1, "the completions end at different lengths, so rows were dropped on the way");
  await policy.dispose();
});

test("a rollout does not depend on what is sampled beside it", async () => {
  const policy = await engine();
  const alone = await engine(6);
  const sampling = { temperature: 1, maxNewTokens: 24 };
  const together = await sample(policy, prompts, 6, sampling);
  const apart = await sample(alone, prompts.toReversed(), 6, sampling);
  for (const [key, { tokens }] of together) assert.deepEqual(apart.get(key)?.tokens, tokens, key);
  await Promise.all([policy.dispose(), alone.dispose()]);
});

test("another seed, step or sample gives another stream", async () => {
  const policy = await engine();
  const base = prompt(9, 0);
  const keys = [base.key, { ...base.key, seed: 12 }, { ...base.key, step: 3 }, { ...base.key, sample: 4 }];
  const streams = new Set<string>();
  for (const key of keys) {
    for await (const { tokens } of policy.generate([{ tokens: base.tokens, key }], 1, {
      temperature: 1,
      maxNewTokens: 12,
    })) {
      streams.add(tokens.join());
    }
  }
  assert.equal(streams.size, keys.length);
  await policy.dispose();
});

test("greedy decoding takes the likeliest token, and so does top-k 1", async () => {
  const policy = await engine();
  const greedy = await sample(policy, prompts, 1, { temperature: 0, maxNewTokens: 16 });
  const topOne = await sample(policy, prompts, 1, { temperature: 1, topK: 1, maxNewTokens: 16 });
  for (const [key, { tokens }] of greedy) assert.deepEqual(topOne.get(key)?.tokens, tokens);
  await policy.dispose();
});

test("cancelling ends sampling and leaves the engine usable", async () => {
  const policy = await engine();
  const controller = new AbortController();
  const sampling = { temperature: 1, maxNewTokens: 40 };
  await assert.rejects(
    async () => {
      for await (const _ of policy.generate(prompts, 6, sampling, controller.signal)) controller.abort();
    },
    { name: "AbortError" },
  );
  assert.equal((await sample(policy, prompts, 1, sampling)).size, prompts.length);
  await policy.dispose();
});

test("rollouts drawn later are those that one call would have drawn, up to rounding", async () => {
  const policy = await engine();
  const sampling = { temperature: 0.9, maxNewTokens: 24 };
  const whole = await sample(policy, prompts, 6, sampling);
  const later = prompts.map((each) => ({ ...each, firstRollout: 4 }));
  const rest = await sample(policy, later, 2, sampling);
  assert.equal(rest.size, prompts.length * 2);
  for (const { key } of prompts) {
    for (const rollout of [0, 1]) {
      const [a, b] = [rest.get(`${key.sample}/${rollout}`), whole.get(`${key.sample}/${rollout + 4}`)];
      assert.deepEqual(a?.tokens, b?.tokens);
      assert.notDeepEqual(a?.tokens, whole.get(`${key.sample}/${rollout}`)?.tokens);
    }
  }
  await policy.dispose();
});
