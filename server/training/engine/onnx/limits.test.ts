/** Requests at the edge of what the engine can do. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import type { Completion, PolicyEngine } from "../policyEngine.ts";
import { createOnnxEngine } from "./engine.ts";
import { readModelConfig } from "./model/modelConfig.ts";
import { goldenDir, goldenMiniBatch, readGolden } from "./testing/golden.ts";

const golden = readGolden("untied");
const groups = goldenMiniBatch(golden);
const positions = readModelConfig(goldenDir("untied")).maxPositions;

const options = {
  model: goldenDir("untied"),
  device: "cpu",
  threads: 2,
  microBatchTokens: 4096,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
} as const;
let engine: PolicyEngine;
before(async () => {
  engine = await createOnnxEngine(options);
});
after(() => engine.dispose());

async function drawn(promptLength: number, maxNewTokens: number): Promise<Completion[]> {
  const tokens = Int32Array.from({ length: promptLength }, (_, t) => 2 + (t % 60));
  const completions: Completion[] = [];
  const prompts = [{ tokens, key: { seed: 1, step: 0, sample: 0 } }];
  for await (const completion of engine.generate(prompts, 4, { temperature: 1, maxNewTokens }))
    completions.push(completion);
  return completions;
}

test("a completion may use the policy's last position", async () => {
  // The last token is predicted at the last position; it is read nowhere.
  const completions = await drawn(positions - 3, 4);
  assert.equal(completions.length, 4);
  assert.ok(completions.every(({ tokens }) => tokens.length <= 4));
});

test("a completion that could go beyond the policy's positions is refused, not drawn at wrong positions", async () => {
  await assert.rejects(() => drawn(positions - 3, 5), /position/);
});

test("an engine for a run's positions computes the same, and refuses what goes beyond them", async () => {
  const longest = Math.max(
    ...groups.map(
      ({ prompt, completions }) => prompt.length + Math.max(...completions.map(({ length }) => length)) - 1,
    ),
  );
  const bounded = await createOnnxEngine({ ...options, positions: longest });
  assert.deepEqual(await bounded.logprobs(groups, "current", 1), await engine.logprobs(groups, "current", 1));
  await bounded.dispose();
  const shorter = await createOnnxEngine({ ...options, positions: longest - 1 });
  await assert.rejects(shorter.logprobs(groups, "current", 1), /set up for/);
  await shorter.dispose();
});

test("a run that may need more positions than the policy has is refused before any weight is read", async (t) => {
  const model = mkdtempSync(join(tmpdir(), "positions-"));
  t.after(() => rmSync(model, { recursive: true }));
  copyFileSync(join(goldenDir("untied"), "config.json"), join(model, "config.json"));
  await assert.rejects(createOnnxEngine({ ...options, model, positions: positions + 1 }), /need 129 positions/);
  await assert.rejects(createOnnxEngine({ ...options, model, positions }), /model\.safetensors/);
});

test("an update without groups is refused and changes nothing", async () => {
  const objective = { kind: "supervised" } as const;
  await engine.update({ groups, objective, temperature: 1, learningRate: 1e-3 });
  const before = await engine.logprobs(groups, "current", 1);
  await assert.rejects(engine.update({ groups: [], objective, temperature: 1, learningRate: 1e-3 }), RangeError);
  assert.deepEqual(await engine.logprobs(groups, "current", 1), before);
});

test("at temperature 0 log-probabilities are those at temperature 1, as of a greedy draw", async () => {
  assert.deepEqual(await engine.logprobs(groups, "current", 0), await engine.logprobs(groups, "current", 1));
});

test("nothing asked for is nothing drawn", async () => {
  for await (const completion of engine.generate([], 4, { temperature: 1, maxNewTokens: 5 }))
    assert.fail(String(completion));
  assert.deepEqual(await engine.logprobs([], "current", 1), []);
});
