/** Threads that decode: the same completions as one session draws, from weights as they are now. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { Completion, Prompt, Sampling } from "../../../policyEngine.ts";
import { placed, sharedMemory, type Weights } from "../../model/weights.ts";
import { SessionPool } from "../../runtime/sessionPool.ts";
import { readsSharedMemory } from "../../runtime/sharedMemory.ts";
import { Random } from "../../testing/random.ts";
import { randomWeights, tinyConfig } from "../../testing/tinyPolicy.ts";
import { decode } from "../decoding.ts";
import { hostWaves } from "../hostDecoding.ts";
import { DecoderThreads, decoderCount } from "./decoderThreads.ts";

const config = tinyConfig(true, { vocabulary: 64, hidden: 32, headSize: 8, intermediate: 48, maxPositions: 96 });
const sampling: Sampling = { temperature: 0.9, maxNewTokens: 30 };
const ends = new Set([1]);
const prompts = [9, 2, 14, 5, 7].map(
  (length, sample): Prompt => ({
    tokens: Int32Array.from({ length }, (_, t) => (7 * t + 5 * sample + 3) % 64),
    key: { seed: 11, step: 2, sample },
  }),
);

const skip =
  !readsSharedMemory(process.versions.node) && "this Node does not tell ONNX Runtime where shared memory lies";

interface Started {
  threads: DecoderThreads;
  weights: Weights;
}

function start(t: TestContext, count: number): Started {
  const weights = placed(randomWeights(config, new Random(5)), sharedMemory);
  const threads = new DecoderThreads(count, { config, lora: undefined, weights, ends });
  t.after(() => threads.dispose());
  return { threads, weights };
}

async function drawn(completions: AsyncIterable<Completion>): Promise<Map<string, Completion>> {
  const all = new Map<string, Completion>();
  for await (const completion of completions) all.set(`${completion.prompt}/${completion.rollout}`, completion);
  return all;
}

async function inOneSession(weights: ReadonlyMap<string, Float32Array>): Promise<Map<string, Completion>> {
  const pool = new SessionPool({ name: "cpu", threads: 1 });
  const begin = hostWaves(pool, { config, lora: undefined }, weights);
  const completions = await drawn(decode({ config, begin, ends, maxSequences: 16 }, prompts, 4, sampling));
  await pool.dispose();
  return completions;
}

test("every rollout is drawn once, the one that a single session draws, and the same bits each time", {
  skip,
}, async (t) => {
  const { threads, weights } = start(t, 2);
  const first = await drawn(threads.generate(prompts, 4, sampling, 16));
  const again = await drawn(threads.generate(prompts, 4, sampling, 16));
  const alone = await inOneSession(weights);
  assert.equal(first.size, prompts.length * 4);
  assert.deepEqual([...first.keys()].sort(), [...alone.keys()].sort());
  for (const [key, completion] of first) {
    assert.deepEqual(again.get(key), completion, key);
    assert.deepEqual(alone.get(key)?.tokens, completion.tokens, key);
    const other = alone.get(key)?.logprobs ?? [];
    assert.ok(completion.logprobs.every((logprob, i) => Math.abs(logprob - (other[i] as number)) < 1e-5));
  }
});

test("threads read what was written to the weights since the last call", { skip }, async (t) => {
  const { threads, weights } = start(t, 2);
  await drawn(threads.generate(prompts, 4, sampling, 16));
  const later = randomWeights(config, new Random(6));
  for (const [name, values] of weights) values.set(later.get(name) as Float32Array);
  const found = await drawn(threads.generate(prompts, 4, sampling, 16));
  const expected = await inOneSession(later);
  for (const [key, { tokens }] of found) assert.deepEqual(tokens, expected.get(key)?.tokens, key);
});

test("more threads than prompts leave some idle", { skip }, async (t) => {
  const { threads, weights } = start(t, 8);
  const found = await drawn(threads.generate(prompts, 4, sampling, 16));
  const expected = await inOneSession(weights);
  for (const [key, { tokens }] of expected) assert.deepEqual(found.get(key)?.tokens, tokens, key);
});

test("a call that is cancelled throws, one that is broken off ends, and the next is whole", { skip }, async (t) => {
  const { threads } = start(t, 2);
  const controller = new AbortController();
  const cancelled = (async () => {
    for await (const _ of threads.generate(prompts, 4, sampling, 16, controller.signal)) controller.abort();
  })();
  await assert.rejects(cancelled, { name: "AbortError" });
  for await (const completion of threads.generate(prompts, 4, sampling, 16)) {
    assert.ok(completion);
    break;
  }
  assert.equal((await drawn(threads.generate(prompts, 4, sampling, 16))).size, prompts.length * 4);
  await assert.rejects(drawn(threads.generate(prompts, 4, sampling, 16, AbortSignal.abort())), { name: "AbortError" });
});

test("what goes wrong in a thread is thrown by the call", async (t) => {
  const threads = new DecoderThreads(2, { config, lora: undefined, weights: new Map(), ends });
  t.after(() => threads.dispose());
  await assert.rejects(drawn(threads.generate(prompts, 4, sampling, 16)), /No data for the input/);
  await threads.dispose();
  await assert.rejects(drawn(threads.generate(prompts, 4, sampling, 16)), /A decoding thread/);
});

test("only a small policy on several threads of the CPU is decoded in threads", () => {
  assert.equal(decoderCount("cpu", 4, 1_000_000, { node: "24.21.0" }), 4);
  assert.equal(decoderCount("cpu", 1, 1_000_000), 1);
  assert.equal(decoderCount("cpu", 4, 500_000_000), 1);
  assert.equal(decoderCount("webgpu", 1, 1_000_000), 1);
});

test("a Node whose native side is not told where shared memory lies decodes without threads, and so does an editor's own", () => {
  const countOn = (node: string) => decoderCount("cpu", 4, 1_000_000, { node });
  for (const node of ["20.19.0", "22.15.1", "22.20.0", "23.11.1", "24.0.0", "24.8.0"])
    assert.equal(countOn(node), 1, node);
  for (const node of ["22.21.0", "22.23.3", "24.9.0", "24.21.0", "25.0.0", "26.10.0"])
    assert.equal(countOn(node), 4, node);
  assert.equal(decoderCount("cpu", 4, 1_000_000, { node: "24.21.0", electron: "40.1.0" }), 1);
});
