import assert from "node:assert/strict";
import test from "node:test";
import type { Replacement } from "../../schemas/replacement.ts";
import type { TriedRollout } from "../../schemas/tries.ts";
import type { Judge } from "./judge.ts";
import { train } from "./run.ts";
import { fewShotEdit, goldEdit } from "./testing/edits.ts";
import { memoryRun } from "./testing/harness.ts";
import type { WorkspaceChanges } from "./testing/workspace.ts";
import { drawTries, triedRows } from "./tries.ts";

const hinted: WorkspaceChanges = {
  world: "hinted",
  settings: {
    steps: 4,
    lengths: { prompt: 64 },
    probe: { rollouts: 3 },
    curriculum: { mode: "replace", fewShots: "random" },
  },
};

const shown = [{ query: "Show q5", calls: [{ name: "tool1", arguments: { v: 1 } }] }];

type Triable = Exclude<Replacement, { action: "exclude" }>;
/** As a file of it would be read. */
const asReplacement = (edit: object): Triable => JSON.parse(JSON.stringify(edit));

type MemoryRun = Awaited<ReturnType<typeof memoryRun>>;
/** As a server has it: one for all tries of a run. */
const judges = new WeakMap<MemoryRun, Promise<Judge>>();

async function tried(run: MemoryRun, edit: Triable, number: number, n = 10) {
  const index = run.data.train.findIndex(({ sample }) => sample.id === edit.sample);
  const rows = triedRows(run.data, run.progress.curriculum, index, edit);
  assert.ok(rows);
  const rollouts: TriedRollout[] = [];
  const options = { n, number, step: run.progress.step, signal: new AbortController().signal };
  const judge = judges.get(run) ?? run.data.judgeApart();
  judges.set(run, judge);
  const take = (rollout: TriedRollout): void => void rollouts.push(rollout);
  await (await drawTries(run.engine, run.experiment, await judge, rows, { ...options, tried: take })).judged;
  return { rows, rollouts };
}

test("a run with tries at every gate is the run without them, to the bit", async (t) => {
  const undisturbed = await memoryRun(t, hinted);
  await train(undisturbed);
  const run = await memoryRun(t, hinted);
  let tries = 0;
  const again = (): void =>
    run.control.interlude(async () => {
      const { sample } = run.data.train[tries % 16] ?? assert.fail();
      const { rollouts } = await tried(run, asReplacement(fewShotEdit(sample, shown)), ++tries, 3);
      assert.equal(rollouts.length, 6);
    });
  run.recorder.onActivity = again;
  run.recorder.onProgress = again;
  await train(run);
  assert.ok(tries > 20, `${tries} tries`);
  const facts = ({ recorder }: typeof run): unknown => [
    recorder.steps.map(
      ({ metrics: { milliseconds, samplingTokensPerSecond, updateTokensPerSecond, ...rest }, ...step }) => [rest, step],
    ),
    recorder.drawn,
    recorder.probes,
    recorder.rounds,
    recorder.attempts,
    recorder.evaluations,
  ];
  assert.deepEqual(facts(run), facts(undisturbed));
});

test("a researcher's reward that keeps a state judges the run's completions as if nobody had tried anything", async (t) => {
  const counting: WorkspaceChanges = {
    ...hinted,
    files: { "count.mjs": "let asked = 0;\nexport default () => (asked++ % 7) / 7;\n" },
    settings: { ...hinted.settings, steps: 2, reward: "./count.mjs" },
  };
  const rewards = async (tries: boolean): Promise<unknown> => {
    const run = await memoryRun(t, counting);
    if (tries) {
      const { sample } = run.data.train[0] ?? assert.fail();
      run.recorder.onActivity = () =>
        run.control.interlude(async () => {
          assert.equal((await tried(run, asReplacement(fewShotEdit(sample, shown)), 1, 3)).rollouts.length, 6);
        });
    }
    await train(run);
    return run.recorder.steps.map(({ groups }) => groups.map(({ rollouts }) => rollouts.map(({ reward }) => reward)));
  };
  assert.deepEqual(await rewards(true), await rewards(false));
});

test("both sides are drawn as a step would put them, and judged with their gold", async (t) => {
  const run = await memoryRun(t, hinted);
  await train(run);
  const { curriculum } = run.progress;
  const hard = run.data.train.find(({ index }) => curriculum.book.stateOf(index) === "hard-few-shots");
  const easy = run.data.train.find(({ index }) => !curriculum.book.stateOf(index).startsWith("hard"));
  assert.ok(hard && easy, "a hard row and an easy one");
  const replaced = await tried(run, asReplacement(fewShotEdit(hard.sample, shown)), 1);
  assert.deepEqual(
    replaced.rows.map(({ side, version }) => [side, version]),
    [
      ["edited", "edited"],
      ["automatic", "few-shot"],
    ],
  );
  assert.match(replaced.rows[0]?.prompt.text ?? "", /^Show q5/);
  const drawn = run.recorder.steps
    .flatMap(({ groups }) => groups)
    .findLast(({ row }) => row.index === hard.index && row.version === "few-shot");
  assert.equal(replaced.rows[1]?.prompt.text, drawn?.row.prompt.text);
  assert.equal(replaced.rollouts.length, 20);
  for (const side of ["edited", "automatic"]) {
    const numbers = replaced.rollouts.filter((rollout) => rollout.side === side).map(({ rollout }) => rollout);
    assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  assert.equal((await tried(run, asReplacement(fewShotEdit(easy.sample, shown)), 2)).rows[1]?.version, "raw");

  // Nobody calls tool3 with 7: only the file's own gold can be met.
  const wrong = [{ name: "tool3", arguments: { v: 7 } }];
  let [edited, automatic] = [0, 0];
  for (const { sample, index } of run.data.train) {
    const corrected = await tried(run, asReplacement(goldEdit(sample, wrong)), 3 + index);
    assert.equal(corrected.rows[0]?.prompt.text, sample.query);
    for (const { side, correct } of corrected.rollouts) {
      if (side === "edited") edited += Number(correct);
      else automatic += Number(correct);
    }
  }
  assert.equal(edited, 0);
  assert.ok(automatic > 0);
});

test("two tries of one edit draw different rollouts, and one number the same", async (t) => {
  const run = await memoryRun(t, hinted);
  const edit = asReplacement(fewShotEdit(run.data.train[1]?.sample ?? assert.fail(), shown));
  const texts = async (number: number) => (await tried(run, edit, number, 20)).rollouts.map(({ text }) => text);
  const first = await texts(1);
  assert.deepEqual(await texts(1), first);
  assert.notDeepEqual(await texts(2), first);
  assert.notDeepEqual(first.slice(0, 20), first.slice(20), "the two sides share no stream");
});
