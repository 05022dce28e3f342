import assert from "node:assert/strict";
import test from "node:test";
import type { StepRecord } from "./context.ts";
import { Stopped } from "./control.ts";
import type { PolicyEngine, UpdateRequest } from "./engine/policyEngine.ts";
import { grpoObjective, learningGroups } from "./learning.ts";
import { train } from "./run.ts";
import { memoryRun } from "./testing/harness.ts";
import type { WorkspaceChanges } from "./testing/workspace.ts";

/** The engine with its updates written down. */
function spied(engine: PolicyEngine): PolicyEngine & { updates: UpdateRequest[] } {
  const updates: UpdateRequest[] = [];
  const update = engine.update.bind(engine);
  return Object.assign(engine, {
    updates,
    update: (request: UpdateRequest, signal?: AbortSignal) => {
      updates.push(request);
      return update(request, signal);
    },
  });
}

/** What of a step is a function of the seed. */
function essence({ step, metrics, groups, states }: StepRecord): unknown {
  const { samplingTokensPerSecond: _s, updateTokensPerSecond: _u, milliseconds: _m, ...rest } = metrics;
  const rollouts = groups.flatMap((group) =>
    group.rollouts.map(({ completion, advantage }) => [[...completion.tokens], [...completion.logprobs], advantage]),
  );
  return { step, rest, rollouts, states };
}

const longer: WorkspaceChanges = { settings: { steps: 40, optimizer: { learningRate: 0.5 } } };

test("the policy learns the task", async (t) => {
  const run = await memoryRun(t, longer);
  await train(run);
  const { evaluations, steps, probes } = run.recorder;
  assert.equal(evaluations.at(0)?.moment, "before");
  assert.ok((evaluations.at(0)?.accuracy.value ?? 1) <= 0.25);
  assert.equal(evaluations.at(-1)?.moment, "after");
  assert.equal(evaluations.at(-1)?.accuracy.value, 1);
  assert.equal(steps.length, 40);
  assert.ok((steps.at(-1)?.metrics.rewardMean ?? 0) > 0.9);
  assert.equal(probes.at(-1)?.hard, 0);
});

test("evaluations and probes come when the settings say", async (t) => {
  const run = await memoryRun(t);
  await train(run);
  assert.deepEqual(
    run.recorder.evaluations.map(({ moment, step }) => [moment, step]),
    [
      ["before", 0],
      ["between", 3],
      ["after", 6],
    ],
  );
  assert.deepEqual(
    run.recorder.probes.map(({ moment, step, rows, rollouts }) => [moment, step, rows, rollouts]),
    [
      ["before", 0, 16, 2],
      ["after", 6, 16, 2],
    ],
  );
});

test("the metrics of a step are those of its rollouts", async (t) => {
  const run = await memoryRun(t);
  await train(run);
  for (const { metrics, groups } of run.recorder.steps) {
    const rollouts = groups.flatMap((group) => group.rollouts);
    assert.equal(groups.length, 8);
    assert.equal(rollouts.length, 48);
    const rewards = rollouts.map(({ reward }) => reward);
    assert.equal(metrics.rewardMean, rewards.reduce((a, b) => a + b) / 48);
    assert.equal(metrics.accuracy, rollouts.filter(({ correct }) => correct).length / 48);
    assert.equal(
      metrics.zeroVarianceGroups,
      groups.filter(({ rollouts: g }) => new Set(g.map(({ reward }) => reward)).size === 1).length / 8,
    );
    assert.equal(metrics.tokensMax, Math.max(...rollouts.map(({ completion }) => completion.tokens.length)));
    assert.equal(metrics.truncated, rollouts.filter(({ completion }) => completion.truncated).length / 48);
    assert.equal(metrics.rewardParts.result, metrics.rewardMean);
    assert.equal(metrics.optimizerSteps + metrics.skippedOptimizerSteps, 2);
    assert.equal(metrics.referenceKl, null);
  }
});

test("the first update of a batch is on policy, a second pass is not", async (t) => {
  const one = await memoryRun(t, { settings: { optimizer: { promptsPerMiniBatch: 8 } } });
  await train(one);
  for (const { metrics } of one.recorder.steps) {
    assert.ok((metrics.samplerKl as number) < 1e-9);
    assert.equal(metrics.clippedLow, 0);
    assert.equal(metrics.clippedHigh, 0);
  }
  const two = await memoryRun(t, {
    settings: { steps: 10, optimizer: { promptsPerMiniBatch: 8, epochsPerBatch: 3, learningRate: 0.5 } },
  });
  await train(two);
  assert.ok(two.recorder.steps.some(({ metrics }) => (metrics.samplerKl as number) > 1e-4));
  assert.ok(two.recorder.steps.some(({ metrics }) => (metrics.clippedHigh as number) > 0));
});

/** A sampler whose log-probabilities are too high by `gap`. */
function partial(gap: number) {
  return (engine: PolicyEngine): PolicyEngine => {
    const spy = spied(engine);
    const generate = engine.generate.bind(engine);
    return Object.assign(spy, {
      async *generate(...call: Parameters<PolicyEngine["generate"]>) {
        for await (const completion of generate(...call)) {
          yield { ...completion, logprobs: completion.logprobs.map((logprob) => logprob + gap) };
        }
      },
    });
  };
}

test("how far sampling and training are apart is measured at each step, before the policy moves", async (t) => {
  const faithful = await memoryRun(t);
  await train(faithful);
  for (const { metrics } of faithful.recorder.steps) {
    if (metrics.optimizerSteps > 0) assert.ok((metrics.samplerGapMax as number) < 1e-5);
    else assert.equal(metrics.samplerGapMax, null);
  }
  const run = await memoryRun(t, { settings: { optimizer: { learningRate: 0.5 } } }, partial(0.75));
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  assert.ok(updates.every(({ groups }) => groups.every(({ signals }) => !signals[0]?.samplerLogprobs)));
  const measured = run.recorder.steps.filter(({ metrics }) => metrics.optimizerSteps > 0);
  assert.ok(measured.length > 0);
  for (const { metrics } of measured) {
    assert.ok(Math.abs((metrics.samplerGapMean as number) - 0.75) < 1e-5);
    assert.equal(metrics.samplerGapOutside, 1);
  }
});

test("with truncated importance sampling the ratio is of training's own log-probabilities, all taken before the first update", async (t) => {
  const settings = { objective: { importanceCap: 2 }, optimizer: { learningRate: 0.5, epochsPerBatch: 2 } };
  const run = await memoryRun(t, { settings }, partial(-0.25));
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  assert.ok(updates.length > 0);
  for (const { groups, objective } of updates) {
    assert.equal(objective.kind === "grpo" && objective.importanceCap, 2);
    for (const { oldLogprobs, samplerLogprobs } of groups.flatMap(({ signals }) => signals)) {
      for (const [token, old] of (oldLogprobs as Float32Array).entries()) {
        assert.ok(Math.abs(old - (samplerLogprobs?.[token] as number) - 0.25) < 1e-5);
      }
    }
  }
  for (const { metrics, groups } of run.recorder.steps) {
    assert.ok(Math.abs((metrics.samplerGapMean as number) - 0.25) < 1e-5, "over every completion, taught or not");
    assert.ok(groups.every(({ trainer, rollouts }) => trainer?.length === rollouts.length));
  }
});

test("groups without variance are left out of the update but counted by its normalizer", async (t) => {
  const run = await memoryRun(t, {}, spied);
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  assert.ok(updates.length > 0);
  let next = 0;
  for (const { groups, metrics } of run.recorder.steps) {
    for (const miniBatch of [groups.slice(0, 4), groups.slice(4)]) {
      const teaching = miniBatch.filter(({ rollouts }) => rollouts.some(({ advantage }) => advantage !== 0));
      if (teaching.length === 0) continue;
      const update = updates[next++] as UpdateRequest;
      assert.deepEqual(
        update.groups.map(({ prompt }) => prompt),
        teaching.map(({ row }) => row.prompt.tokens),
      );
      const tokens = miniBatch
        .flatMap(({ rollouts }) => rollouts)
        .reduce((sum, { completion }) => sum + completion.tokens.length, 0);
      for (const { weights } of update.groups.flatMap(({ signals }) => signals)) {
        for (const weight of weights) assert.equal(weight, Math.fround(1 / tokens));
      }
      assert.deepEqual(update.groups[0]?.signals[0]?.oldLogprobs, teaching[0]?.rollouts[0]?.completion.logprobs);
    }
    assert.ok(metrics.skippedOptimizerSteps <= 2);
  }
  assert.equal(next, updates.length);
});

test("a mini-batch with nothing to teach takes no optimizer step but counts in the schedule", async (t) => {
  // Without likely tool tokens no completion is ever right.
  const run = await memoryRun(t, { settings: { optimizer: { schedule: "linear", learningRate: 0.3 } } }, spied);
  const wrong = { text: "", calls: [], formatOk: true, correct: false, reward: 0, parts: {}, reason: "" };
  run.data.judge = async (completions) => completions.map((completion) => ({ completion, ...wrong }));
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  assert.equal(updates.length, 0);
  assert.deepEqual(
    run.recorder.steps.map(({ metrics }) => metrics.skippedOptimizerSteps),
    [2, 2, 2, 2, 2, 2],
  );
  assert.deepEqual(
    run.recorder.steps.map(({ metrics }) => metrics.learningRate.toFixed(4)),
    [1, 3, 5, 7, 9, 11].map((k) => (0.3 * (1 - k / 12)).toFixed(4)),
  );
});

test("a KL term keeps every group and is given the reference policy's log-probabilities", async (t) => {
  const run = await memoryRun(t, { settings: { objective: { beta: 0.1, kl: "k3", klPlacement: "loss" } } }, spied);
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  assert.equal(updates.length, 12);
  for (const { groups, objective } of updates) {
    assert.equal(groups.length, 4);
    assert.equal(objective.kind === "grpo" && objective.beta, 0.1);
    assert.ok(
      groups.every(({ signals }) =>
        signals.every(({ refLogprobs, oldLogprobs }) => refLogprobs?.length === oldLogprobs?.length),
      ),
    );
  }
  const kl = run.recorder.steps.map(({ metrics }) => metrics.referenceKl as number);
  assert.ok((kl[0] as number) < 1e-9 && (kl.at(-1) as number) > 1e-4, String(kl));
});

test("a KL penalty in the reward changes advantages, not the loss and not the rewards on record", async (t) => {
  const run = await memoryRun(
    t,
    {
      settings: { objective: { beta: 0.5, kl: "k1", klPlacement: "reward", entropy: 0 } },
    },
    spied,
  );
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  for (const { objective, groups } of updates) {
    assert.equal(objective.kind === "grpo" && objective.beta, 0);
    assert.ok(groups.every(({ signals }) => signals.every(({ refLogprobs }) => refLogprobs === undefined)));
  }
  const { groups } = run.recorder.steps.at(-1) as StepRecord;
  assert.ok(groups.every(({ rollouts }) => rollouts.every(({ reward }) => reward === 0 || reward === 1)));
  // By now policy and reference differ, so completions of one reward have different advantages.
  const spread = groups.map(
    ({ rollouts }) => new Set(rollouts.filter(({ reward }) => reward === 0).map(({ advantage }) => advantage)).size,
  );
  assert.ok(Math.max(...spread) > 1);
  for (const { rollouts, reference } of groups) {
    const penalized = rollouts.map(({ reward, completion }, index) =>
      [...completion.logprobs].reduce(
        (sum, logprob, token) => sum - 0.5 * (logprob - (reference?.[index]?.[token] as number)),
        reward,
      ),
    );
    const mean = penalized.reduce((a, b) => a + b) / penalized.length;
    for (const [index, { advantage }] of rollouts.entries()) {
      assert.ok(
        Math.sign(Math.round(1e6 * advantage)) === Math.sign(Math.round(1e6 * ((penalized[index] as number) - mean))) ||
          Math.abs(advantage) < 1e-3,
      );
    }
  }
});

test("masked truncated completions teach nothing", async (t) => {
  const run = await memoryRun(t, { settings: { objective: { beta: 0, entropy: 0, truncated: "mask" } } }, spied);
  await train(run);
  const { updates } = run.engine as unknown as { updates: UpdateRequest[] };
  const eos = 256 + 8;
  const signals = updates.flatMap(({ groups }) =>
    groups.flatMap(({ completions, signals: of }) =>
      of.map((signal, index) => ({ signal, cut: completions[index]?.at(-1) !== eos })),
    ),
  );
  assert.ok(signals.some(({ cut }) => cut) && signals.some(({ cut }) => !cut));
  for (const { signal, cut } of signals) assert.ok(signal.weights.every((weight) => (cut ? weight === 0 : weight > 0)));
  for (const { groups } of run.recorder.steps) {
    for (const group of learningGroups(groups, run.experiment.settings)) {
      assert.ok(group.signals.some(({ weights }) => weights.some((weight) => weight > 0)));
    }
  }
});

test("hard rows leave with their first correct rollout", async (t) => {
  const run = await memoryRun(t, longer);
  await train(run);
  const hard = new Set(
    run.recorder.drawn
      .filter(({ purpose, step }) => purpose === "probe" && step === 0)
      .flatMap(({ results }) =>
        results.filter(({ rollouts }) => !rollouts.some(({ correct }) => correct)).map(({ row }) => row.sample.id),
      ),
  );
  assert.equal(hard.size, run.recorder.probes[0]?.hard);
  for (const { groups, states, metrics } of run.recorder.steps) {
    const solved = states.filter(({ state }) => state === "retired").map(({ sample }) => sample);
    const right = groups
      .filter(({ rollouts }) => rollouts.some(({ correct }) => correct))
      .map(({ row }) => row.sample.id);
    assert.deepEqual(
      solved,
      right.filter((id) => hard.has(id)),
    );
    for (const id of solved) hard.delete(id);
    assert.equal(metrics.hardRows, hard.size);
  }
});

test("a pause anywhere in sampling leaves no trace", async (t) => {
  const undisturbed = await memoryRun(t);
  await train(undisturbed);
  const paused = await memoryRun(t);
  // Within the first evaluation, the probe, several steps, the evaluation in between, the last probe.
  const pauses = new Set([3, 12, 40, 77, 130, 171, 260, 400, 470]);
  let calls = 0;
  paused.recorder.onProgress = () => {
    if (!pauses.has(++calls)) return;
    paused.control.pause();
    setImmediate(() => paused.control.resume());
  };
  await train(paused);
  assert.ok(calls > 470, String(calls));
  assert.deepEqual(paused.recorder.steps.map(essence), undisturbed.recorder.steps.map(essence));
  assert.deepEqual(paused.recorder.evaluations, undisturbed.recorder.evaluations);
  assert.deepEqual(paused.recorder.probes, undisturbed.recorder.probes);
});

test("a stop in sampling ends the run at the last complete step", async (t) => {
  const run = await memoryRun(t);
  run.recorder.onActivity = (activity) => {
    if (activity === "sampling" && run.progress.step === 2) setImmediate(() => run.control.stop());
  };
  await assert.rejects(train(run), Stopped);
  assert.equal(run.progress.step, 2);
  assert.equal(run.recorder.steps.length, 2);
});

test("a stop in an update lets the step come to its end", async (t) => {
  const run = await memoryRun(t);
  run.recorder.onActivity = (activity) => {
    if (activity === "updating" && run.progress.step === 2) run.control.stop();
  };
  await assert.rejects(train(run), Stopped);
  assert.equal(run.recorder.steps.length, 3);
});

test("probing changes nothing of what training draws", async (t) => {
  const probed = await memoryRun(t);
  await train(probed);
  const bare = await memoryRun(t, { settings: { probe: { rollouts: 2, before: false, after: false } } });
  await train(bare);
  const tokens = (records: StepRecord[]) =>
    records.map(({ groups }) =>
      groups.flatMap(({ rollouts }) => rollouts.map(({ completion }) => [...completion.tokens])),
    );
  assert.deepEqual(tokens(bare.recorder.steps), tokens(probed.recorder.steps));
  assert.equal(bare.recorder.steps[0]?.metrics.hardRows, null);
});

test("a policy that diverges ends the run with a sentence", async (t) => {
  const run = await memoryRun(t, {}, (engine) =>
    Object.assign(engine, {
      update: async () => ({
        loss: Number.NaN,
        gradNorm: 1,
        logprobs: [],
        tokens: 1,
        microBatches: 1,
        milliseconds: 1,
      }),
    }),
  );
  await assert.rejects(train(run), { name: "InputError", message: /diverged in step \d+.*learningRate/ });
});

test("steps that float16 left out are counted and left out of all means, until no scale is left to try", async (t) => {
  const run = await memoryRun(t, {}, (engine) => {
    const update = engine.update.bind(engine);
    let scale = 8;
    return Object.assign(engine, {
      update: async (request: Parameters<PolicyEngine["update"]>[0]) => {
        const metrics = await update(request);
        // An overflow, two steps that are taken, and an overflow with the least scale.
        const overflowed = scale === 8 || scale === 1;
        const lossScaling = { scale, overflowed };
        scale = scale > 1 ? scale / 2 : 1;
        return { ...metrics, ...(overflowed && { gradNorm: Number.POSITIVE_INFINITY }), lossScaling };
      },
    });
  });
  await assert.rejects(train(run), {
    name: "InputError",
    message:
      /^In step \d+ the loss or its gradient is beyond float16 even with a loss scale of 1; set settings\.optimizer\.precision to "f32"/,
  });
  const steps = run.recorder.steps.map(({ metrics }) => metrics);
  assert.ok(steps.length > 0);
  let taken = 0;
  for (const { loss, gradNorm, optimizerSteps, overflowedOptimizerSteps, skippedOptimizerSteps, lossScale } of steps) {
    assert.ok(Number.isFinite(loss) && Number.isFinite(gradNorm));
    assert.equal(optimizerSteps + skippedOptimizerSteps + (overflowedOptimizerSteps ?? 0), 2);
    if (overflowedOptimizerSteps !== null) assert.ok(Number.isInteger(Math.log2(lossScale ?? 0)));
    taken += optimizerSteps;
  }
  assert.ok(taken > 0);
});

test("an engine that draws too few completions is found out", async (t) => {
  const run = await memoryRun(t, {}, (engine) => {
    const generate = engine.generate.bind(engine);
    return Object.assign(engine, {
      async *generate(...call: Parameters<PolicyEngine["generate"]>) {
        let first = true;
        for await (const completion of generate(...call)) {
          if (!first) yield completion;
          first = false;
        }
      },
    });
  });
  await assert.rejects(train(run), /drew \d+ completions where \d+ were asked for/);
});

test("the objective holds the KL term only where it belongs into the loss", async (t) => {
  const { settings } = (await memoryRun(t)).experiment;
  const placed = (klPlacement: "loss" | "reward") =>
    grpoObjective({ ...settings, objective: { ...settings.objective, beta: 0.3, klPlacement } }).beta;
  assert.equal(placed("loss"), 0.3);
  assert.equal(placed("reward"), 0);
});
