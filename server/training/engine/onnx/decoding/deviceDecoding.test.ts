/** Sampling that stays on the device: over merges of blocks and dropped rows, with a few bytes a token, and nothing left. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Completion, Prompt, Sampling } from "../../policyEngine.ts";
import type { OnnxPolicyEngine } from "../engine.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { open } from "../testing/twoDevices.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";

const prompts = [9, 2, 5].map(
  (length, sample): Prompt => ({
    tokens: Int32Array.from({ length }, (_, t) => (7 * t + 5 * sample + 3) % 64),
    key: { seed: 11, step: 2, sample },
  }),
);
const N = 4;

/** Two engines for all tests: on this driver compiling their programs takes most of the time. */
let cpu: OnnxPolicyEngine;
let gpu: OnnxPolicyEngine;
before(async () => {
  if (withoutWebgpu) return;
  cpu = await open("untied", "cpu");
  gpu = await open("untied", "webgpu");
});
after(async () => {
  if (!withoutWebgpu) await Promise.all([cpu.dispose(), gpu.dispose()]);
});

async function drawn(engine: OnnxPolicyEngine, sampling: Sampling): Promise<Completion[]> {
  const completions: Completion[] = [];
  for await (const completion of engine.generate(prompts, N, sampling)) completions.push(completion);
  return completions;
}

const tokensOf = (completions: readonly Completion[]) =>
  completions.reduce((sum, { tokens }) => sum + tokens.length, 0);

test("long completions have the CPU's log-probabilities, and few bytes cross for each of their tokens", {
  skip: withoutWebgpu,
}, async () => {
  const { tensors } = gpu.memory;
  // Weights are not sent again: what the first call sends is what the second does.
  const calls: { toDevice: number; toHost: number; completions: Completion[] }[] = [];
  for (let call = 0; call < 2; call++) {
    const { toDevice, toHost } = gpu.memory;
    const completions = await drawn(gpu, { temperature: 0.9, maxNewTokens: 44 });
    calls.push({ toDevice: gpu.memory.toDevice - toDevice, toHost: gpu.memory.toHost - toHost, completions });
    assert.equal(gpu.memory.tensors, tensors, "the caches are gone");
  }
  const [first, second] = calls as [(typeof calls)[0], (typeof calls)[0]];
  assert.equal(second.toDevice, first.toDevice);
  const { completions } = second;
  assert.equal(completions.length, prompts.length * N);
  const lengths = completions.map(({ tokens }) => tokens.length);
  assert.ok(Math.max(...lengths) > 34, "blocks were merged");
  assert.ok(Math.min(...lengths) < 34, "rows were dropped");
  // Id, position and u of each row, rows that fill up included, and masks; of what comes back, three numbers a row.
  assert.ok(second.toDevice < 80 * tokensOf(completions), `${second.toDevice} bytes to the device`);
  assert.ok(second.toHost < 20 * tokensOf(completions), `${second.toHost} bytes back`);

  const groups = prompts.map(({ tokens }, index) => {
    const own = completions.filter(({ prompt }) => prompt === index).sort((a, b) => a.rollout - b.rollout);
    return { prompt: tokens, own, completions: own.map((completion) => completion.tokens) };
  });
  const scored = await cpu.logprobs(groups, "current", 0.9);
  for (const [g, { own }] of groups.entries()) {
    for (const [c, { logprobs }] of own.entries())
      assert.ok(largestDifference(logprobs, scored[g]?.[c] as Float32Array) < 1e-3, `group ${g}, completion ${c}`);
  }
});

test("greedy and filtered sampling take the CPU's tokens", { skip: withoutWebgpu }, async () => {
  for (const sampling of [
    { temperature: 0, maxNewTokens: 6 },
    { temperature: 1, topK: 1, maxNewTokens: 6 },
  ]) {
    const key = ({ prompt, rollout }: Completion) => `${prompt}/${rollout}`;
    const expected = new Map((await drawn(cpu, sampling)).map((completion) => [key(completion), completion.tokens]));
    for (const completion of await drawn(gpu, sampling))
      assert.deepEqual(completion.tokens, expected.get(key(completion)), JSON.stringify(sampling));
  }
});

test("a call that is broken off leaves nothing on the device", { skip: withoutWebgpu }, async () => {
  const { tensors } = gpu.memory;
  for await (const _ of gpu.generate(prompts, N, { temperature: 1, maxNewTokens: 40 })) break;
  assert.equal(gpu.memory.tensors, tensors);
});
