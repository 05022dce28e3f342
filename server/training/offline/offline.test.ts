import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { readCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import type { Run } from "../context.ts";
import { fromCheckpoint, saveProgress, toCheckpoint } from "../progress.ts";
import { fineTune } from "../sft.ts";
import { type MemoryRecorder, memoryRunOf, temporaryFolder } from "../testing/harness.ts";
import { type StoredTurnsChanges, storedTurnsExperiment } from "../testing/storedTurns.ts";
import { batchesOf } from "./batches.ts";
import type { EpisodeData } from "./data.ts";
import { learnStoredTurns } from "./offline.ts";

type MemoryRun = Run & { recorder: MemoryRecorder };

async function memoryRun(t: TestContext, changes: StoredTurnsChanges = {}): Promise<MemoryRun> {
  return memoryRunOf(t, await storedTurnsExperiment(t, changes));
}

const dataOf = (run: Run): EpisodeData => run.data.episodes as EpisodeData;
const stepsPerEpoch = (run: Run): number =>
  batchesOf(dataOf(run).turns.length, run.experiment.settings.sampling.promptsPerStep);

/** Everything of the steps that the seed decides. */
const stepsOf = ({ recorder }: MemoryRun, from = 1) =>
  recorder.steps
    .filter(({ step }) => step >= from)
    .map(({ metrics: { milliseconds: _, updateTokensPerSecond: __, ...metrics }, ...rest }) => ({ ...rest, metrics }));

test("every epoch learns every stored turn once, and the run ends with its last epoch", async (t) => {
  const run = await memoryRun(t);
  await learnStoredTurns(run);
  const { turns } = dataOf(run);
  const perEpoch = stepsPerEpoch(run);
  const { steps } = run.recorder;
  assert.equal(steps.length, 3 * perEpoch);
  assert.equal(run.data.steps, steps.length);
  const names = turns.map(({ question, turn }) => `${question} ${turn}`).sort();
  const orders = [0, 1, 2].map((epoch) =>
    steps
      .slice(epoch * perEpoch, (epoch + 1) * perEpoch)
      .flatMap(({ lessons = [] }) => lessons.map(({ question, turn }) => `${question} ${turn}`)),
  );
  for (const order of orders) assert.deepEqual([...order].sort(), names);
  assert.notDeepEqual(orders[0], orders[1]);
  assert.equal(steps.at(-1)?.metrics.epochs, 3);
  assert.deepEqual(
    run.recorder.played
      .filter(({ phase }) => phase === "stored")
      .flatMap(({ records }) => records.map(({ question }) => question)),
    dataOf(run).episodes.map(({ record }) => record.question),
  );
});

test("what an epoch freezes is told as such, at its beginning alone", async (t) => {
  for (const [oldPolicy, times] of [
    ["epochStart", 3],
    ["initial", 1],
  ] as const) {
    const run = await memoryRun(t, { settings: { ppo: { oldPolicy } } });
    const told: string[] = [];
    run.recorder.onActivity = (activity) => told.push(activity);
    await learnStoredTurns(run);
    const learning = told.filter((activity) => activity === "freezing" || activity === "updating");
    const epoch = new Array<string>(stepsPerEpoch(run)).fill("updating");
    const epochs = [0, 1, 2].flatMap((number) => [...(number < times ? ["freezing"] : []), ...epoch]);
    assert.deepEqual(learning, epochs, oldPolicy);
  }
});

test("what was better than expected becomes likelier than what was worse, and the values learn the returns", async (t) => {
  const run = await memoryRun(t, { settings: { ppo: { epochs: 12 }, objective: { beta: 0 }, steps: 1000 } });
  const { turns } = dataOf(run);
  const groups = turns.map(({ prompt, completion }) => ({ prompt, completions: [completion] }));
  const scored = async () =>
    (await run.engine.logprobs(groups, "current", 1)).map(([one]) => mean(one as Float32Array));
  const before = await scored();
  await learnStoredTurns(run);
  const gained = (await scored()).map((now, index) => now - (before[index] as number));
  const { lessons = [] } = run.recorder.steps[0] as (typeof run.recorder.steps)[number];
  assert.ok(lessons.length > 0);
  const returns = new Map(
    run.recorder.steps.flatMap(({ lessons: all = [] }) =>
      all.map((one) => [`${one.question} ${one.turn}`, one.target] as const),
    ),
  );
  const paid = turns.map(({ question, turn }) => returns.get(`${question} ${turn}`) as number);
  assert.ok(correlation(gained, paid) > 0.3, String(correlation(gained, paid)));
  const losses = run.recorder.steps.map(({ metrics }) => metrics.valueLoss as number);
  assert.ok((losses.at(-1) as number) < 0.5 * (losses[0] as number), String(losses));
});

test("the first update of an epoch moves away from nothing; with the initial policy only that of the run does", async (t) => {
  for (const [oldPolicy, still] of [
    ["epochStart", [0, 1, 2]],
    ["initial", [0]],
  ] as const) {
    const run = await memoryRun(t, { settings: { ppo: { oldPolicy, epochs: 3 } } });
    await learnStoredTurns(run);
    const perEpoch = stepsPerEpoch(run);
    for (const epoch of [0, 1, 2]) {
      const { samplerKl, clippedLow, clippedHigh } = run.recorder.steps[epoch * perEpoch]?.metrics ?? {};
      const moved = [samplerKl, clippedLow, clippedHigh].some((value) => Math.abs(value as number) > 1e-12);
      assert.equal(moved, !still.some((one) => one === epoch), `${oldPolicy}, epoch ${epoch}: ${samplerKl}`);
    }
  }
});

test("a pause while an epoch is frozen leaves no trace", async (t) => {
  const experiment = await storedTurnsExperiment(t, { model: { delay_ms: 1 } });
  const undisturbed = await memoryRunOf(t, experiment);
  await learnStoredTurns(undisturbed);
  const run = await memoryRunOf(t, experiment);
  let paused = 0;
  run.recorder.onProgress = (done, total) => {
    if (done >= total || paused > 3) return;
    paused++;
    run.control.pause();
    setImmediate(() => run.control.resume());
  };
  await learnStoredTurns(run);
  assert.ok(paused > 3);
  assert.deepEqual(stepsOf(run), stepsOf(undisturbed));
});

test("imitation of stored turns makes them likely, and is evaluated by episodes too", async (t) => {
  const settings = { steps: 12, objective: { beta: 0 }, evaluation: { every: 6 } };
  const run = await memoryRun(t, { experiment: { preset: "sft" }, settings });
  await fineTune(run);
  const losses = run.recorder.steps.map(({ metrics }) => metrics.loss);
  assert.equal(losses.length, 12);
  assert.ok((losses.at(-1) as number) < 0.9 * (losses[0] as number), String(losses));
  assert.deepEqual(
    run.recorder.evaluations.map(({ step, moment, accuracy }) => [step, moment, accuracy.rows]),
    [
      [0, "before", 6],
      [6, "between", 4],
      [12, "after", 6],
    ],
  );
  assert.ok(run.recorder.evaluations.every(({ choices }) => choices?.episodes === 2));
  assert.equal(
    run.recorder.played.filter(({ phase }) => phase === "stored").flatMap(({ records }) => records).length,
    8,
  );
});

test("the values that an epoch froze are those that its lessons name", async (t) => {
  const run = await memoryRun(t);
  await learnStoredTurns(run);
  const first = run.recorder.steps[0]?.lessons ?? [];
  assert.ok(
    first.every(({ value }) => value === 0),
    "a value head begins with zeros",
  );
  assert.ok(first.every(({ advantage, target, value }) => Math.abs(advantage + value - target) < 1e-12));
  const second = run.recorder.steps[stepsPerEpoch(run)]?.lessons ?? [];
  assert.ok(second.some(({ value }) => value !== 0));
});

/** Saves a checkpoint after every step into a folder of the test. */
function saving(run: MemoryRun, folder: string): void {
  run.saveCheckpoint = () => save(run, folder);
}

async function save(run: Run, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await writeCheckpoint(folder, toCheckpoint(run.progress, 1), 100, async (dir) => {
    await run.engine.save(dir);
    saveProgress(dir, run.progress);
  });
}

async function resumed(t: TestContext, experiment: ResolvedExperiment, dir: string): Promise<MemoryRun> {
  const run = await memoryRunOf(t, experiment);
  const checkpoint = readCheckpoint(dir);
  await run.engine.load(dir);
  return { ...run, progress: fromCheckpoint(checkpoint, experiment, run.data, []) };
}

for (const oldPolicy of ["epochStart", "initial"] as const) {
  test(`a resume in the middle of an epoch is the same to the bit (${oldPolicy})`, async (t) => {
    const experiment = await storedTurnsExperiment(t, { settings: { checkpoints: { every: 1 }, ppo: { oldPolicy } } });
    const whole = await memoryRunOf(t, experiment);
    const folder = temporaryFolder(t);
    saving(whole, folder);
    await learnStoredTurns(whole);
    await save(whole, join(folder, "end"));
    const perEpoch = stepsPerEpoch(whole);
    assert.ok(perEpoch >= 3, "there is no middle of an epoch");
    // In the middle of the first and of the second epoch, and at the border between them.
    for (const step of [1, perEpoch, perEpoch + 1, 2 * perEpoch - 1]) {
      const run = await resumed(t, experiment, join(folder, "checkpoints", `step-${step}`));
      await learnStoredTurns(run);
      assert.deepEqual(stepsOf(run), stepsOf(whole, step + 1), `from step ${step}`);
      await save(run, join(folder, `from-${step}`));
      const final = `checkpoints/step-${whole.data.steps}`;
      for (const name of ["model.safetensors", "optimizer.safetensors", "value_head.safetensors", "frozen.safetensors"])
        assert.deepEqual(
          readFileSync(join(folder, `from-${step}`, final, name)),
          readFileSync(join(folder, "end", final, name)),
          `${name} from step ${step}`,
        );
    }
  });
}

test("a checkpoint whose frozen numbers are not those that it vouches for is refused", async (t) => {
  const experiment = await storedTurnsExperiment(t, { settings: { checkpoints: { every: 1 } } });
  const run = await memoryRunOf(t, experiment);
  const folder = temporaryFolder(t);
  saving(run, folder);
  await learnStoredTurns(run);
  const checkpoint = join(folder, "checkpoints", "step-2");
  const file = join(checkpoint, "frozen.safetensors");
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  const damaged = join(folder, "damaged");
  cpSync(checkpoint, damaged, { recursive: true });
  writeFileSync(join(damaged, "frozen.safetensors"), bytes);
  await assert.rejects(resumed(t, experiment, damaged), { name: "InputError", message: /are damaged/ });
});

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((one, index) => (one - ma) * ((b[index] as number) - mb)));
  return covariance / Math.sqrt(mean(a.map((one) => (one - ma) ** 2)) * mean(b.map((one) => (one - mb) ** 2)));
}
