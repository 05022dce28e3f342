import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { entryPoint } from "../../entryPoint.ts";
import { engineOptions } from "../../server/supervisor.ts";
import { FakeEngine } from "../../testing/fakeEngine.ts";
import type { FakeConfig } from "../../testing/fakePolicy.ts";
import { fakeExperiment, isAlive, killProcess, until } from "../../testing/harness.ts";
import { createOnnxEngine } from "../onnx/engine.ts";
import { goldenDir, goldenEpisodes, readGolden, readPpoGolden } from "../onnx/testing/golden.ts";
import type { Completion, PolicyEngine, Prompt } from "../policyEngine.ts";
import { checkDrawn } from "./checkDrawn.ts";
import { checkMetrics, checkPerToken } from "./checkPerToken.ts";
import { EngineFault, EngineLost } from "./errors.ts";
import { ENGINE_MODULE } from "./messages.ts";
import { RemoteEngine } from "./proxy.ts";

const sampling = { temperature: 1, maxNewTokens: 3 };
const prompts: Prompt[] = [0, 1, 2].map((sample) => ({
  tokens: Int32Array.of(65, 256 + sample),
  key: { seed: 1, step: 1, sample },
}));

async function bothEngines(t: TestContext, model: Partial<FakeConfig> = {}) {
  const options = engineOptions(fakeExperiment(t, { model }));
  const remote = await RemoteEngine.start(options);
  t.after(() => killProcess(remote.pid));
  return { remote, local: new FakeEngine(options) };
}

async function all(engine: PolicyEngine, n = 4): Promise<Completion[]> {
  const drawn: Completion[] = [];
  for await (const completion of engine.generate(prompts, n, sampling)) drawn.push(completion);
  return drawn;
}

test("an engine in a process of its own gives what it gives in this one, bit for bit", async (t) => {
  const { remote, local } = await bothEngines(t);
  assert.deepEqual(remote.info, local.info);
  const drawn = await all(remote);
  assert.deepEqual(drawn, await all(local));
  const groups = prompts.map((prompt, index) => ({
    prompt: prompt.tokens,
    completions: drawn.filter((c) => c.prompt === index).map((c) => c.tokens),
  }));
  assert.deepEqual(await remote.logprobs(groups, "current", 1), await local.logprobs(groups, "current", 1));
  const request = {
    groups: groups.map((group, index) => ({
      ...group,
      signals: group.completions.map((tokens, rollout) => ({
        weights: new Float32Array(tokens.length).fill(0.1),
        advantage: rollout - 1.5,
        oldLogprobs: drawn.filter((c) => c.prompt === index)[rollout]?.logprobs as Float32Array,
      })),
    })),
    objective: { kind: "grpo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k3", entropy: 0 } as const,
    temperature: 1,
    learningRate: 0.1,
  };
  const [a, b] = [await remote.update(request), await local.update(request)];
  assert.deepEqual({ ...a, milliseconds: 0 }, { ...b, milliseconds: 0 });
  assert.deepEqual(await all(remote), await all(local));
  await remote.dispose();
  await until("the engine process to go", () => !isAlive(remote.pid));
});

test("values, and an update that learns them, are those of an engine in this process, bit for bit", async (t) => {
  fakeExperiment(t);
  delete process.env[ENGINE_MODULE];
  const options = {
    model: goldenDir("smollm2"),
    device: "cpu",
    threads: 1,
    seed: 1,
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
    microBatchTokens: 40,
    maxSequences: 16,
    valueHead: true,
  } as const;
  const remote = await RemoteEngine.start(options);
  t.after(() => killProcess(remote.pid));
  const local = await createOnnxEngine(options);
  const ppo = readPpoGolden("smollm2");
  const request = {
    groups: goldenEpisodes(readGolden("smollm2"), ppo, "turns"),
    objective: (ppo.answers[0] as (typeof ppo.answers)[number]).objective,
    temperature: 0.7,
    learningRate: 1e-2,
    valueLearningRate: 0.1,
  };
  for (let step = 0; step < 2; step++) {
    const [a, b] = [await remote.update(request), await local.update(request)];
    assert.deepEqual({ ...a, milliseconds: 0 }, { ...b, milliseconds: 0 });
    assert.ok(Number.isFinite(a.valueLoss) && a.values?.length === request.groups.length);
  }
  const values = await remote.values(request.groups);
  assert.deepEqual(values, await local.values(request.groups));
  assert.ok(values.flat().some((tokens) => tokens.some((value) => value !== 0)));
  await remote.dispose();
  await local.dispose();
});

test("weights are saved, loaded and exported over the border", async (t) => {
  const { remote } = await bothEngines(t);
  const dir = fakeExperiment(t).runs;
  for (const name of ["checkpoint", "model"]) mkdirSync(join(dir, name), { recursive: true });
  await remote.save(join(dir, "checkpoint"));
  await remote.load(join(dir, "checkpoint"));
  await remote.exportModel(join(dir, "model"), "f32");
  assert.equal(
    new FakeEngine({ ...engineOptions(fakeExperiment(t)), model: join(dir, "model") }).info.architecture,
    "fake",
  );
  await remote.dispose();
});

test("sampling that is broken off leaves the engine ready for the next call", async (t) => {
  const { remote, local } = await bothEngines(t, { delay_ms: 2 });
  const controller = new AbortController();
  let drawn = 0;
  await assert.rejects(
    async () => {
      for await (const _ of remote.generate(prompts, 100, sampling, controller.signal))
        if (++drawn === 3) controller.abort();
    },
    { name: "AbortError" },
  );
  assert.ok(drawn >= 3 && drawn < 300, String(drawn));
  assert.deepEqual(await all(remote), await all(local));
  await remote.dispose();
});

test("a consumer that leaves early breaks sampling off", async (t) => {
  const { remote, local } = await bothEngines(t, { delay_ms: 2 });
  for await (const _ of remote.generate(prompts, 100, sampling)) break;
  assert.deepEqual(await all(remote), await all(local));
  await remote.dispose();
});

test("errors keep their class, place and code", async (t) => {
  const { remote } = await bothEngines(t);
  await assert.rejects(remote.load("/nonexistent/folder"), { name: "InputError" });
  await assert.rejects(
    remote.save("/nonexistent/folder"),
    (error) => error instanceof EngineFault || (error as Error).name === "InputError",
  );
  await remote.dispose();
  const experiment = fakeExperiment(t);
  writeFileSync(join(experiment.model, "config.json"), "{}");
  await assert.rejects(RemoteEngine.start(engineOptions(experiment)), {
    name: "InputError",
    place: { file: join(experiment.model, "config.json"), key: "likely_from" },
  });
});

test("an engine that dies says so to every call", async (t) => {
  const { remote } = await bothEngines(t, { delay_ms: 5 });
  const sampled = all(remote, 100);
  const waiting = assert.rejects(sampled, EngineLost);
  killProcess(remote.pid);
  await waiting;
  await assert.rejects(
    remote.update({ groups: [], objective: { kind: "supervised" }, temperature: 1, learningRate: 1 }),
    /ended by SIGKILL/,
  );
  await assert.rejects(all(remote), EngineLost);
  await remote.dispose();
});

test("a call to an engine that died a moment ago ends in EngineLost, and in nothing besides", async (t) => {
  const { remote } = await bothEngines(t);
  killProcess(remote.pid);
  // This thread hears of nothing meanwhile.
  const word = new Int32Array(new SharedArrayBuffer(4));
  while (isAlive(remote.pid)) Atomics.wait(word, 0, 0, 5);
  await assert.rejects(remote.logprobs([], "current", 1), EngineLost);
});

test("the engine ends itself when its server disappears", async (t) => {
  fakeExperiment(t);
  const parent = join(import.meta.dirname, "testing", "abandon.ts");
  const child: ChildProcess = fork(parent, [entryPoint("engine")], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [],
  });
  const pid = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
  t.after(() => killProcess(pid));
  assert.ok(isAlive(pid));
  child.kill("SIGKILL");
  await until("the engine to end itself", () => !isAlive(pid));
});

test("a completion that cannot be is refused", () => {
  const good: Completion = {
    prompt: 0,
    rollout: 1,
    tokens: Int32Array.of(1, 2),
    logprobs: new Float32Array(2),
    entropies: new Float32Array(2),
    truncated: false,
  };
  assert.equal(checkDrawn(good, 1, 2, 2), good);
  for (const bad of [
    { prompt: 1 },
    { prompt: -1 },
    { rollout: 2 },
    { rollout: 0.5 },
    { tokens: new Int32Array(0), logprobs: new Float32Array(0), entropies: new Float32Array(0) },
    { tokens: new Int32Array(3), logprobs: new Float32Array(3), entropies: new Float32Array(3) },
    { logprobs: new Float32Array(1) },
    { entropies: [0, 0] as unknown as Float32Array },
    { tokens: [1, 2] as unknown as Int32Array },
  ]) {
    assert.throws(() => checkDrawn({ ...good, ...bad }, 1, 2, 2), /cannot be/);
  }
});

test("scores and metrics that cannot be are refused", () => {
  const groups = [{ prompt: Int32Array.of(1, 2), completions: [Int32Array.of(3), Int32Array.of(4, 5)] }];
  const good = [[new Float32Array(1), Float32Array.of(Number.NaN, 0)]];
  assert.equal(checkPerToken(good, groups, "values"), good);
  const metrics = { loss: 1, gradNorm: Number.NaN, logprobs: good, tokens: 3, microBatches: 1, milliseconds: 1 };
  assert.equal(checkMetrics(metrics, groups), metrics);
  for (const bad of [
    [],
    [[new Float32Array(1)]],
    [[new Float32Array(1), new Float32Array(3)]],
    [[new Float32Array(1), [0, 0]]],
    [[new Float32Array(1), undefined]],
    undefined,
    [{ length: 2 }],
  ] as unknown as Float32Array[][][]) {
    assert.throws(() => checkPerToken(bad, groups, "values"), /The engine sent values that cannot be/);
    assert.throws(() => checkMetrics({ ...metrics, logprobs: bad }, groups), /log-probabilities that cannot be/);
    if (bad !== undefined)
      assert.throws(() => checkMetrics({ ...metrics, values: bad }, groups), /values that cannot be/);
  }
  assert.throws(() => checkMetrics({ ...metrics, loss: "1" as unknown as number }, groups), /loss is no number/);
});
