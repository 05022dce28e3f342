/** A policy that is saved, loaded by a fresh engine and trained on ends bit for bit where one that went on undisturbed does. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { PolicyEngine, UpdateMetrics } from "../policyEngine.ts";
import { createOnnxEngine } from "./engine.ts";
import { groups, objective, sample, train } from "./testing/course.ts";
import { goldenDir } from "./testing/golden.ts";

function open(threads: number, checkpointing = false): Promise<PolicyEngine> {
  return createOnnxEngine({
    checkpointing,
    model: goldenDir("untied"),
    device: "cpu",
    threads,
    microBatchTokens: 40,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
  });
}

for (const threads of [1, 2]) {
  test(`six updates are three, a checkpoint in a fresh engine, and three more, bit for bit (${threads} threads)`, async () => {
    const dir = mkdtempSync(join(tmpdir(), "resuming-"));
    const folder = (name: string) => {
      mkdirSync(join(dir, name));
      return join(dir, name);
    };
    try {
      const straight = await open(threads);
      const expected = await train(straight, 0, 6);
      const expectedSamples = await sample(straight);
      const expectedScores = await straight.logprobs(groups, "current", 0.7);
      const reference = await straight.logprobs(groups, "reference", 0.7);
      await straight.save(folder("straight"));
      await straight.dispose();

      const first = await open(threads);
      const found = await train(first, 0, 3);
      await first.save(folder("half-way"));
      await first.dispose();
      const second = await open(threads);
      await second.load(join(dir, "half-way"));
      found.push(...(await train(second, 3, 6)));
      await second.save(folder("resumed"));

      assert.deepEqual(found, expected);
      for (const name of ["model.safetensors", "optimizer.safetensors"]) {
        const [a, b] = ["straight", "resumed"].map((run) => readFileSync(join(dir, run, name))) as [Buffer, Buffer];
        assert.ok(a.equals(b), name);
        assert.ok(!a.equals(readFileSync(join(dir, "half-way", name))), `${name} did not change in three steps`);
      }
      assert.deepEqual(await sample(second), expectedSamples);
      assert.deepEqual(await second.logprobs(groups, "current", 0.7), expectedScores);
      assert.deepEqual(
        await second.logprobs(groups, "reference", 0.7),
        reference,
        "the reference is the policy at the start",
      );
      assert.notDeepEqual(reference, expectedScores);
      await second.dispose();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

test("a cancelled update leaves the weights and the optimizer as they were", async () => {
  const dir = mkdtempSync(join(tmpdir(), "cancelled-"));
  const engine = await open(1);
  try {
    await train(engine, 0, 1);
    mkdirSync(join(dir, "before"));
    await engine.save(join(dir, "before"));
    const aborted = AbortSignal.abort();
    const request = { groups, objective, temperature: 0.7, learningRate: 1e-2 };
    await assert.rejects(() => engine.update(request, aborted), { name: "AbortError" });
    mkdirSync(join(dir, "after"));
    await engine.save(join(dir, "after"));
    for (const name of ["model.safetensors", "optimizer.safetensors"]) {
      const [a, b] = ["before", "after"].map((run) => readFileSync(join(dir, run, name))) as [Buffer, Buffer];
      assert.ok(a.equals(b), name);
    }
  } finally {
    await engine.dispose();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("what is sampled between two updates, to its end or broken off, changes nothing of what follows", async () => {
  const [undisturbed, tried] = [await open(2), await open(2)];
  const expected = await train(undisturbed, 0, 4);
  const prompts = groups
    .slice(0, 2)
    .map(({ prompt }, sample) => ({ tokens: prompt, key: { seed: 5, step: 0, sample } }));
  const found: UpdateMetrics[] = [];
  for (let step = 0; step < 4; step++) {
    const leaving = new AbortController();
    let drawn = 0;
    try {
      const sampling = { temperature: 0.7, maxNewTokens: 12 };
      for await (const _ of tried.generate(prompts, 5, sampling, leaving.signal)) {
        drawn++;
        if (step % 2 === 1) leaving.abort();
      }
    } catch (error) {
      assert.equal((error as Error).name, "AbortError");
    }
    assert.ok(drawn > 0);
    found.push(...(await train(tried, step, step + 1)));
  }
  assert.deepEqual(found, expected);
  assert.deepEqual(await sample(tried), await sample(undisturbed));
  await undisturbed.dispose();
  await tried.dispose();
});

test("gradient checkpointing changes no bit of what is learnt", async () => {
  const [kept, again] = [await open(2), await open(2, true)];
  assert.deepEqual(await train(again, 0, 3), await train(kept, 0, 3));
  assert.deepEqual(await again.logprobs(groups, "current", 0.7), await kept.logprobs(groups, "current", 0.7));
  await Promise.all([kept.dispose(), again.dispose()]);
});
