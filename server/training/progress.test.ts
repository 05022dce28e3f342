import assert from "node:assert/strict";
import test from "node:test";
import type { Checkpoint } from "./checkpoint.ts";
import { fromCheckpoint, toCheckpoint } from "./progress.ts";
import { train } from "./run.ts";
import { memoryRun } from "./testing/harness.ts";

const asCheckpoint = (state: Record<string, unknown>, step: number): Checkpoint => ({
  dir: "checkpoints/step-x",
  step,
  optimizerStep: step,
  state,
});

test("a checkpoint holds all that the next steps depend on", async (t) => {
  const changes = {
    world: "hinted",
    settings: {
      steps: 5,
      lengths: { prompt: 64 },
      probe: { rollouts: 3, after: false },
      curriculum: { mode: "add", fewShots: "random" },
    },
  } as const;
  const run = await memoryRun(t, changes);
  await train(run);
  const kept = JSON.parse(JSON.stringify(toCheckpoint(run.progress, 2)));
  const back = fromCheckpoint(asCheckpoint(kept.state, 5), run.experiment, run.data, []);
  assert.deepEqual(toCheckpoint(back, 2), toCheckpoint(run.progress, 2));
  assert.deepEqual(back.curriculum.drawn(6), run.progress.curriculum.drawn(6));
});

test("a checkpoint from before there were rounds is read, and the run draws what it would have drawn", async (t) => {
  const run = await memoryRun(t, { settings: { steps: 5 } });
  await train(run);
  const hard = run.data.train.slice(0, 3).map(({ sample }) => sample.id);
  const back = fromCheckpoint(asCheckpoint({ begun: true, evaluated: 3, hard }, 5), run.experiment, run.data, []);
  assert.equal(back.curriculum.book.hard, 3);
  assert.equal(back.evaluated, 3);
  const ids = (progress: typeof back) => progress.curriculum.drawn(6).map(({ sample }) => sample.id);
  assert.deepEqual(ids(back), ids(run.progress));
  const unprobed = fromCheckpoint(
    asCheckpoint({ begun: true, evaluated: 0, hard: null }, 0),
    run.experiment,
    run.data,
    [],
  );
  assert.equal(unprobed.curriculum.book.hard, null);
});

test("a state that is not ours, or of other rows, is refused with a sentence", async (t) => {
  const run = await memoryRun(t);
  const refusal = { name: "InputError", message: /state cannot be read; remove its folder/ };
  assert.throws(() => fromCheckpoint(asCheckpoint({ begun: 1 }, 1), run.experiment, run.data, []), refusal);
  const { state } = toCheckpoint(run.progress, 2);
  assert.throws(() => fromCheckpoint(asCheckpoint({ ...state, rows: "u" }, 1), run.experiment, run.data, []), refusal);
});

test("a collapse pauses the run where the settings want that, once", async (t) => {
  const run = await memoryRun(t, {
    settings: {
      steps: 12,
      probe: { before: false, after: false },
      evaluation: { every: 0 },
      stability: { window: 2, collapse: { drop: 0.5, patience: 2, action: "pause" } },
    },
  });
  const { judge } = run.data;
  run.data.judge = async (completions, sample, at) =>
    (await judge(completions, sample, at)).map((rollout) => ({ ...rollout, reward: at.step <= 4 ? 1 : 0 }));
  const pausedAfter: number[] = [];
  const pause = run.control.pause.bind(run.control);
  run.control.pause = () => {
    pausedAfter.push(run.progress.step);
    pause();
    setImmediate(() => run.control.resume());
  };
  await train(run);
  assert.equal(run.progress.step, 12);
  assert.deepEqual(pausedAfter, [6]);
  assert.deepEqual(
    run.recorder.collapses.map(({ step, best, paused }) => [step, best, paused]),
    [[6, 1, true]],
  );
});
