import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { StepRecord } from "../context.ts";
import { Stopped } from "../control.ts";
import { train } from "../run.ts";
import { memoryRun, until } from "../testing/harness.ts";
import type { WorkspaceChanges } from "../testing/workspace.ts";

type FileSettings = NonNullable<WorkspaceChanges["settings"]>;

/** Eight rounds of two steps in the world where few-shots help. */
function hinted(settings: FileSettings = {}): WorkspaceChanges {
  return {
    world: "hinted",
    settings: {
      steps: 16,
      lengths: { prompt: 64 },
      probe: { rollouts: 3, mode: "full" },
      ...settings,
      curriculum: { mode: "replace", epochsPerRound: 1, ...settings.curriculum },
    },
  };
}

const runOf = (t: TestContext, settings: FileSettings = {}) => memoryRun(t, hinted(settings));

/** Every completion counts as right, or none does. */
function judgeAll(run: Awaited<ReturnType<typeof runOf>>, correct: boolean): void {
  const { judge } = run.data;
  run.data.judge = async (...call) => (await judge(...call)).map((rollout) => ({ ...rollout, correct }));
}

function drawsOf(steps: readonly StepRecord[]) {
  return steps.flatMap(({ step, groups }) => groups.map(({ row, rollouts }) => ({ step, row, rollouts })));
}

/** What of a run is a function of the seed. */
function essence(run: Awaited<ReturnType<typeof runOf>>): unknown {
  const { steps, rounds, attempts, found, probes } = run.recorder;
  const rolled = steps.map(({ metrics, groups, states }) => {
    const { milliseconds: _m, samplingTokensPerSecond: _s, updateTokensPerSecond: _u, ...rest } = metrics;
    const tokens = groups.map(({ row, rollouts }) => [
      row.version,
      row.prompt.text,
      rollouts.map(({ completion }) => [...completion.tokens]),
    ]);
    return [rest, tokens, states];
  });
  const made = attempts.map(({ row, prompt, ...rest }) => [row.index, prompt.text, rest]);
  return [rolled, rounds, made, found, probes];
}

test("a round draws its hard rows with few-shots and the others raw", async (t) => {
  const run = await runOf(t);
  await train(run);
  const { rounds, steps, probes, found } = run.recorder;
  assert.deepEqual(
    rounds.map(({ round, step, steps: length }) => [round, step, length]),
    [1, 2, 3, 4, 5, 6, 7, 8].map((round) => [round, 2 * (round - 1), 2]),
  );
  assert.deepEqual(
    probes.map(({ moment, step }) => [moment, step]),
    [["before", 0], ...[2, 4, 6, 8, 10, 12, 14].map((step) => ["between", step]), ["after", 16]],
  );
  const [first] = rounds;
  assert.ok(first && first.hard > 4 && first.fewShots > 0);
  for (const [index, { round, hard, step }] of rounds.entries()) {
    assert.equal(hard, probes[index]?.hard);
    const ids = new Set(found.filter((event) => event.step === step).flatMap(({ samples }) => samples));
    assert.equal(ids.size, hard);
    const given = new Map(
      run.recorder.attempts.flatMap((each) =>
        each.round === round && each.chosen ? [[each.row.sample.id, each.prompt.text]] : [],
      ),
    );
    for (const { row } of drawsOf(steps).filter((draw) => draw.row.round === round)) {
      assert.equal(row.version, given.has(row.sample.id) ? "few-shot" : "raw");
      if (row.version === "few-shot") {
        assert.equal(row.prompt.text, given.get(row.sample.id));
        assert.ok(ids.has(row.sample.id));
        assert.match(row.prompt.text, /h\d$/);
      } else assert.doesNotMatch(row.prompt.text, /h\d$/);
    }
  }
  assert.equal(
    steps[0]?.metrics.fewShotGroups,
    drawsOf(steps.slice(0, 1)).filter(({ row }) => row.version === "few-shot").length,
  );
});

test("few-shots make hard rows solvable, and what is learnt with them stays", async (t) => {
  const run = await runOf(t, { steps: 40 });
  await train(run);
  const { rounds, probes, evaluations } = run.recorder;
  assert.ok((rounds.at(-1)?.hard ?? 99) < (rounds[0]?.hard ?? 0) / 2);
  assert.equal(probes.at(-1)?.hard, 0);
  assert.equal(evaluations.at(-1)?.accuracy.value, 1);
});

test("with no hard row, hard sampling is GRPO to the last bit", async (t) => {
  // Correctness is judged easy: every probe rollout counts as right.
  const easy = async (mode: "none" | "replace" | "add") => {
    const run = await runOf(t, { curriculum: { mode } });
    judgeAll(run, true);
    await train(run);
    return run.recorder.steps.map(({ groups }) =>
      groups.map(({ row, rollouts }) => [row.sample.id, rollouts.map(({ completion }) => [...completion.logprobs])]),
    );
  };
  const plain = await easy("none");
  assert.deepEqual(await easy("replace"), plain);
  assert.deepEqual(await easy("add"), plain);
});

test("all rows hard and none with candidates: they are trained raw, and the round says why", async (t) => {
  const run = await memoryRun(t, {
    settings: { curriculum: { mode: "replace" }, probe: { rollouts: 2 }, steps: 4 },
  });
  judgeAll(run, false);
  await train(run);
  for (const { hard, noCandidates, fewShots } of run.recorder.rounds) {
    assert.deepEqual([hard, noCandidates, fewShots], [16, 16, 0], "each tool has one answer only in this world");
  }
  assert.ok(drawsOf(run.recorder.steps).every(({ row }) => row.version === "raw"));
});

test("add keeps the raw rows and draws a hard one a second time, until its raw row is solved", async (t) => {
  const run = await runOf(t, { curriculum: { mode: "add", fewShots: "random" }, steps: 30 });
  await train(run);
  const { rounds, steps } = run.recorder;
  const [first] = rounds;
  assert.ok(first && first.added > 0 && first.added === first.fewShots);
  assert.equal(first.steps, Math.floor((16 + first.added) / 8));
  let dropped = 0;
  for (const { round, step } of rounds) {
    const next = rounds.find((each) => each.round === round + 1)?.step ?? 30;
    const retired = new Set<string>();
    for (const record of steps.filter((each) => each.step > step && each.step <= next)) {
      for (const { row } of record.groups) {
        if (row.version === "few-shot") assert.equal(retired.has(row.sample.id), false);
        if (row.version === "few-shot") assert.equal(row.stream, 16 + row.index);
      }
      for (const { sample, state } of record.states) if (state === "retired") retired.add(sample);
      const keys = record.groups.map(({ row }) => `${row.sample.id} ${row.version}`);
      assert.equal(new Set(keys).size, 8);
    }
    dropped += retired.size;
  }
  assert.ok(dropped > 0, "some row retired inside a round");
});

test("verified few-shots are those the policy answers with; the others' rows get none", async (t) => {
  const run = await runOf(t, { curriculum: { fewShots: "verified", attempts: 3 }, steps: 2 });
  // With hints of no use, a row is answered by luck alone.
  await train(run);
  const { attempts, rounds } = run.recorder;
  const [round] = rounds;
  assert.ok(round);
  const rows = new Map<number, typeof attempts>();
  for (const each of attempts) rows.set(each.row.index, [...(rows.get(each.row.index) ?? []), each]);
  for (const tries of rows.values()) {
    assert.ok(tries.length <= 3);
    for (const [index, { chosen, correct, rollouts, attempt }] of tries.entries()) {
      assert.equal(chosen, correct > 0);
      assert.ok(index === tries.length - 1 || !chosen, "no attempt follows the one that worked");
      assert.ok(rollouts > 0 && attempt >= index);
    }
    const texts = tries.map(({ prompt }) => prompt.text);
    assert.equal(new Set(texts).size, texts.length, "nothing is tried twice");
  }
  assert.equal(round.attempts, attempts.length);
  assert.equal(
    round.rollouts,
    attempts.reduce((sum, { rollouts }) => sum + rollouts, 0),
  );
  assert.equal(round.fewShots, attempts.filter(({ chosen }) => chosen).length);
  assert.equal(round.hard, round.fewShots + round.noCandidates + round.unverified);
});

test("rows that no choice of demonstrations helps are counted and drawn raw", async (t) => {
  const run = await memoryRun(t, {
    ...hinted({ curriculum: { fewShots: "verified", attempts: 4 }, steps: 2 }),
    model: { likely_from: 264 },
  });
  judgeAll(run, false);
  await train(run);
  const [round] = run.recorder.rounds;
  assert.deepEqual([round?.hard, round?.fewShots, round?.unverified], [16, 0, 16]);
  assert.ok(round && round.attempts > 16, "more than one choice was tried");
  assert.ok(drawsOf(run.recorder.steps).every(({ row }) => row.version === "raw"));
});

test("few-shots that do not fit the budget are left out, and the row is unverified where none fits", async (t) => {
  const fitting = async (prompt: number) => {
    const run = await runOf(t, { curriculum: { fewShots: "random" }, lengths: { prompt }, steps: 2 });
    await train(run);
    return run.recorder;
  };
  const tight = await fitting(20);
  assert.ok(tight.attempts.length > 0);
  for (const { prompt, demonstrations, dropped } of tight.attempts) {
    assert.ok(prompt.tokens.length <= 20);
    assert.equal(demonstrations.length + dropped, 4);
    assert.ok(dropped > 0);
  }
  const none = await fitting(8);
  assert.equal(none.attempts.length, 0);
  assert.equal(none.rounds[0]?.unverified, none.rounds[0]?.hard);
});

test("a fast probe finds the hard rows that a full one finds, with fewer rollouts", async (t) => {
  const [full, fast] = [
    await runOf(t, { steps: 2 }),
    await runOf(t, { steps: 2, probe: { rollouts: 40, mode: "fast" } }),
  ];
  const other = await runOf(t, { steps: 2, probe: { rollouts: 40, mode: "full" } });
  await train(full);
  await train(fast);
  await train(other);
  const ids = (run: typeof full) =>
    run.recorder.found
      .filter(({ step }) => step === 0)
      .flatMap(({ samples }) => samples)
      .sort();
  assert.deepEqual(ids(fast), ids(other));
  const [event] = fast.recorder.probes;
  assert.ok(event);
  assert.equal(event.mode, "fast");
  assert.equal(event.drawn + event.saved, 16 * 40);
  assert.ok(event.saved > 0);
  const drawn = fast.recorder.drawn.filter(({ purpose, step }) => purpose === "probe" && step === 0);
  const byRow = new Map<string, boolean[]>();
  for (const { row, rollouts } of drawn.flatMap(({ results }) => results)) {
    assert.equal(byRow.has(row.sample.id), false, "a row comes once, with all its rollouts");
    byRow.set(
      row.sample.id,
      rollouts.map(({ correct }) => correct),
    );
    assert.deepEqual(
      rollouts.map(({ completion }) => completion.rollout),
      rollouts.map((_, index) => index),
    );
  }
  const fullRollouts = other.recorder.drawn
    .filter(({ purpose, step }) => purpose === "probe" && step === 0)
    .flatMap(({ results }) => results);
  for (const { row, rollouts } of fullRollouts) {
    const seen = byRow.get(row.sample.id) ?? [];
    assert.deepEqual(
      seen,
      rollouts.slice(0, seen.length).map(({ correct }) => correct),
      "the rollouts are the first ones of the full probe",
    );
  }
});

test("a fast probe skips what training solved, and says so; fast-between keeps the ends full", async (t) => {
  const run = await runOf(t, { steps: 20, probe: { rollouts: 3, mode: "fast-between" } });
  await train(run);
  const modes = run.recorder.probes.map(({ moment, mode }) => [moment, mode]);
  assert.deepEqual(modes[0], ["before", "full"]);
  assert.deepEqual(modes.at(-1), ["after", "full"]);
  const between = run.recorder.probes.filter(({ moment }) => moment === "between");
  assert.ok(between.every(({ mode }) => mode === "fast"));
  assert.ok(between.some(({ skipped }) => skipped > 0));
  for (const { skipped, step, rows } of between) {
    const solved = new Set(
      drawsOf(run.recorder.steps)
        .filter((draw) => draw.step > step - 2 && draw.step <= step)
        .filter(({ row, rollouts }) => row.version === "raw" && rollouts.some(({ correct }) => correct))
        .map(({ row }) => row.index),
    );
    assert.equal(skipped, solved.size);
    assert.equal(rows, 16);
  }
});

test("a retired row may be hard again, and never is under forever", async (t) => {
  const after = async (retire: "untilHardAgain" | "forever") => {
    const run = await runOf(t, { steps: 16, probe: { rollouts: 12 }, curriculum: { retire, fewShots: "random" } });
    await train(run);
    const retired = new Set<string>();
    const again: string[] = [];
    for (const { step } of run.recorder.rounds) {
      const found = run.recorder.found.filter((event) => event.step === step).flatMap(({ samples }) => samples);
      again.push(...found.filter((id) => retired.delete(id)));
      const probed = run.recorder.drawn.filter((each) => each.purpose === "probe" && each.step === step);
      for (const { row, rollouts } of probed.flatMap(({ results }) => results)) {
        const wasHard = run.recorder.found.some((event) => event.step < step && event.samples.includes(row.sample.id));
        if (wasHard && rollouts.some(({ correct }) => correct)) retired.add(row.sample.id);
      }
    }
    assert.ok(retired.size + again.length > 0);
    return { again: again.length, counted: run.recorder.rounds.reduce((sum, { hardAgain }) => sum + hardAgain, 0) };
  };
  const fresh = await after("untilHardAgain");
  assert.ok(fresh.again > 0, "otherwise this test shows nothing");
  assert.equal(fresh.counted, fresh.again);
  assert.deepEqual(await after("forever"), { again: 0, counted: 0 });
});

test("the ablations: hard rows left out, and every row with few-shots", async (t) => {
  const drop = await runOf(t, {
    curriculum: { mode: "drop" },
    probe: { rollouts: 60 },
    sampling: { promptsPerStep: 4 },
    steps: 4,
  });
  await train(drop);
  const hard = new Set(drop.recorder.found.filter(({ step }) => step === 0).flatMap(({ samples }) => samples));
  assert.ok(hard.size > 0);
  assert.ok(drawsOf(drop.recorder.steps).every(({ row }) => !hard.has(row.sample.id)));
  const only = await runOf(t, { curriculum: { mode: "few-shot-only", fewShots: "random" }, steps: 4 });
  await train(only);
  assert.ok(drawsOf(only.recorder.steps).every(({ row }) => row.version === "few-shot"));
});

test("where too few rows are left to draw, the run ends with a sentence", async (t) => {
  const run = await runOf(t, { curriculum: { mode: "drop" } });
  judgeAll(run, false);
  await assert.rejects(train(run), {
    name: "InputError",
    message: /Only 0 of 16 training rows are left to draw in step 1.*promptsPerStep.*curriculum\.mode/,
  });
});

test("the learning rate decays by round, by epoch and by steps", async (t) => {
  const rates = async (every: "round" | "epoch" | "steps", steps = 1): Promise<number[]> => {
    const run = await runOf(t, {
      steps: 8,
      curriculum: { epochsPerRound: 2 },
      optimizer: { learningRate: 1, decay: { factor: 0.5, every, steps } },
    });
    await train(run);
    return run.recorder.steps.map(({ metrics }) => metrics.learningRate);
  };
  assert.deepEqual(await rates("round"), [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
  assert.deepEqual(await rates("epoch"), [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  assert.deepEqual(await rates("steps", 3), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
});

test("a pause anywhere leaves no trace", async (t) => {
  const changes = {
    curriculum: { mode: "add", fewShots: "verified" },
    probe: { rollouts: 3, mode: "fast-between" },
  } as const;
  const undisturbed = await runOf(t, changes);
  let total = 0;
  undisturbed.recorder.onProgress = () => total++;
  await train(undisturbed);
  const paused = await runOf(t, changes);
  const pauses = new Set([3, 12, 40, 77, 130, 171, 260, 400, 470, 555, 610]);
  let calls = 0;
  paused.recorder.onProgress = () => {
    if (!pauses.has(++calls)) return;
    paused.control.pause();
    setImmediate(() => paused.control.resume());
  };
  await train(paused);
  assert.ok(total > 400);
  assert.deepEqual(essence(paused), essence(undisturbed));
});

test("a stop at the border of a round leaves the run as it was before the border", async (t) => {
  for (const activity of ["probing", "constructing"]) {
    const run = await runOf(t);
    let seen = 0;
    run.recorder.onActivity = (name) => {
      if (name === activity && run.progress.step === 4 && seen++ === 0) setImmediate(() => run.control.stop());
    };
    const letters: string[] = [];
    await assert.rejects(train(run), Stopped);
    letters.push(run.progress.curriculum.book.letters);
    assert.equal(run.progress.step, 4);
    assert.equal(run.progress.curriculum.round?.number, 2);
    const other = await runOf(t, { steps: 4, probe: { rollouts: 3, after: false } });
    await train(other);
    assert.equal(other.progress.curriculum.book.letters, letters[0]);
  }
});

test("hard rows are told while the probe goes on", async (t) => {
  const run = await runOf(t, { sampling: { promptsPerStep: 4 }, optimizer: { promptsPerMiniBatch: 4 }, steps: 1 });
  const probedWhenTold: number[] = [];
  const hard = run.recorder.hard.bind(run.recorder);
  run.recorder.hard = (event) => {
    assert.equal(run.recorder.probes.length, 0, "before the probe is over");
    if (event.moment === "before") probedWhenTold.push(event.probed);
    hard(event);
  };
  run.recorder.onActivity = (activity) => {
    if (activity === "constructing") run.recorder.hard = hard;
  };
  await train(run);
  assert.ok(probedWhenTold.length >= 3);
  assert.ok((probedWhenTold[0] ?? 16) < 16);
});

test("a pause at a hard row that a probe's last call found comes before anything is made of what was found", async (t) => {
  const run = await runOf(t, { steps: 2 });
  judgeAll(run, false);
  const hard = run.recorder.hard.bind(run.recorder);
  run.recorder.hard = (event) => {
    hard(event);
    if (event.moment === "before" && event.probed === event.rows) run.control.pause();
  };
  const training = train(run);
  await until("the pause", async () => run.control.state === "paused");
  assert.equal(run.recorder.probes.length, 0);
  run.control.resume();
  await training;
  assert.ok(run.recorder.probes.length > 0);
});
