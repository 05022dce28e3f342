import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { StepRecord } from "../context.ts";
import { fromCheckpoint, toCheckpoint } from "../progress.ts";
import { train } from "../run.ts";
import { engineOptions } from "../server/supervisor.ts";
import { FakeEngine } from "../testing/fakeEngine.ts";
import { memoryRun, temporaryFolder } from "../testing/harness.ts";
import type { WorkspaceChanges } from "../testing/workspace.ts";

type FileSettings = NonNullable<WorkspaceChanges["settings"]>;

const KINDS: [string, FileSettings][] = [
  ["replace, verified, full", { curriculum: { mode: "replace", fewShots: "verified" } }],
  ["add, random, fast", { curriculum: { mode: "add", fewShots: "random" }, probe: { rollouts: 3, mode: "fast" } }],
  ["drop", { curriculum: { mode: "drop" }, probe: { rollouts: 40 }, sampling: { promptsPerStep: 4 } }],
  ["few-shot-only, never hard again", { curriculum: { mode: "few-shot-only", retire: "forever" } }],
  [
    "none",
    {
      curriculum: { mode: "none", epochsPerRound: 2 },
      optimizer: { decay: { factor: 0.5, every: "round", steps: 1 } },
    },
  ],
];

function changesFor(settings: FileSettings): WorkspaceChanges {
  return {
    world: "hinted",
    settings: {
      steps: 7,
      lengths: { prompt: 64 },
      stability: { window: 3 },
      checkpoints: { every: 1, keep: 2 },
      ...settings,
      probe: { rollouts: 3, ...settings.probe },
    },
  };
}

/** What of the steps is a function of the seed. */
function essence(steps: readonly StepRecord[]): unknown {
  return steps.map(({ step, metrics, groups, states }) => {
    const { milliseconds: _m, samplingTokensPerSecond: _s, updateTokensPerSecond: _u, ...rest } = metrics;
    const drawn = groups.map(({ row, rollouts }) => [
      row.version,
      row.prompt.text,
      rollouts.map(({ completion, advantage }) => [[...completion.tokens], [...completion.logprobs], advantage]),
    ]);
    return [step, rest, drawn, states];
  });
}

/** A run that keeps every checkpoint it would write, and where the next one goes. */
async function keeping(t: TestContext, changes: WorkspaceChanges) {
  const run = await memoryRun(t, changes);
  const folder = temporaryFolder(t);
  const kept: { dir: string; step: number; state: Record<string, unknown> }[] = [];
  const saveCheckpoint = async (): Promise<void> => {
    const dir = join(folder, String(kept.length));
    mkdirSync(dir);
    await run.engine.save(dir);
    const { step, state } = toCheckpoint(run.progress, 2);
    kept.push({ dir, step, state: JSON.parse(JSON.stringify(state)) });
  };
  return { run: { ...run, saveCheckpoint }, kept };
}

for (const [name, settings] of KINDS) {
  test(`from any checkpoint the run goes on as it would have: ${name}`, async (t) => {
    const changes = changesFor(settings);
    const { run, kept } = await keeping(t, changes);
    await train(run);
    assert.ok(kept.length >= 8);
    for (const { dir, step, state } of kept) {
      const again = await memoryRun(t, changes);
      const engine = new FakeEngine(engineOptions(again.experiment));
      await engine.load(dir);
      const progress = fromCheckpoint({ dir, step, optimizerStep: 0, state }, again.experiment, again.data, []);
      await train({ ...again, engine, progress });
      assert.deepEqual(
        essence(again.recorder.steps),
        essence(run.recorder.steps.filter((record) => record.step > step)),
        `from step ${step}`,
      );
      assert.deepEqual(
        again.recorder.rounds,
        run.recorder.rounds.filter(({ round }) => again.recorder.rounds.some((other) => other.round === round)),
      );
    }
  });
}
