import assert from "node:assert/strict";
import { appendFileSync, renameSync, rmSync } from "node:fs";
import test from "node:test";
import type { EpisodeKey } from "../../../schemas/episodesView.ts";
import { makeRun, stepOf } from "../../rollouts/testing/madeRun.ts";
import { makeEpisodes, playAt } from "../testing/madeEpisodes.ts";
import { questionAt, trajectories, trajectoryAt } from "../testing/madeTrajectories.ts";
import { RunEpisodes } from "./runEpisodes.ts";

const stored = (place: number): EpisodeKey => ({ step: 0, phase: "stored", question: questionAt(place), episode: 0 });

function readAll(source: RunEpisodes): void {
  do source.refresh();
  while (source.more);
}

test("a run lists what it learns from and what its evaluations played", () => {
  using run = makeEpisodes();
  playAt(run, 0);
  playAt(run, 20, { right: 1 });
  using source = new RunEpisodes(run.folder);
  readAll(source);
  const { source: shown, ...header } = source.header();
  assert.deepEqual(
    { ...header, tools: header.tools },
    {
      episodes: 12 + 8 + 8,
      categories: ["dates", "units"],
      tools: ["calculator"],
      stored: true,
      played: [0, 20],
      reading: null,
      faults: { lines: 0, first: [] },
    },
  );
  assert.ok(shown.kind === "run" && shown.ofEpisodes && shown.accuracy?.value === 1);
  assert.equal(shown.state, "interrupted", "no server has it");
  const rows = [...source.rows()];
  const played = rows.find(({ phase, step }) => phase === "played" && step === 20);
  assert.deepEqual([played?.return, played?.trouble, played?.turns, played?.end], [null, 1, 2, "answered"]);
  const outOfSteps = rows.find(({ question }) => question === questionAt(5));
  assert.deepEqual([outOfSteps?.end, outOfSteps?.correct], ["ran out of steps", false]);
  assert.equal(rows.find(({ question }) => question === questionAt(0))?.return, 0.9 + 0.25 + (1 + 0.25 + 1));
});

test("a stored episode has its candidates from the trajectories, and what steps learnt from each turn", async () => {
  using run = makeEpisodes();
  const lesson = (turn: number, value: number) => ({ question: questionAt(6), turn, value, advantage: 1, target: 2 });
  run.writer.recordStep({ ...stepOf(3, 0, 1, 1), lessons: [lesson(1, 0.5)] });
  run.writer.recordStep({ ...stepOf(9, 0, 1, 1), lessons: [lesson(1, 0.75)] });
  using source = new RunEpisodes(run.folder);
  readAll(source);
  const read = await source.read(stored(6));
  const written = trajectoryAt(6);
  assert.equal(read?.unknown, null);
  assert.deepEqual([read?.offered, read?.accepted, read?.threshold], [written.tools, written.accepted, 6]);
  assert.deepEqual(
    read?.turns.map(({ choice, reward, trouble }) => [choice?.by, choice?.among?.candidates, reward, trouble]),
    written.turns.map(({ by, candidates, reward, trouble }) => [by, candidates, reward, trouble ?? null]),
  );
  assert.deepEqual(
    read?.turns.map(({ lessons }) => lessons.map(({ step, value }) => [step, value])),
    [
      [],
      [
        [3, 0.5],
        [9, 0.75],
      ],
    ],
  );
});

test("where the trajectories are no longer what the run read, it says so and shows what the store has", async () => {
  using run = makeEpisodes();
  using source = new RunEpisodes(run.folder);
  readAll(source);
  assert.equal((await source.read(stored(1)))?.unknown, null);
  appendFileSync(run.trajectories, "\n");
  const changed = await source.read(stored(1));
  assert.match(changed?.unknown ?? "", /has changed since the run read it/);
  assert.deepEqual(changed?.turns[0]?.choice, { by: "least-used", score: 9, among: null });
  assert.deepEqual(changed?.turns[0]?.action, trajectoryAt(1).turns[0]?.candidates[0]?.action);
  rmSync(run.trajectories);
  assert.match((await source.read(stored(1)))?.unknown ?? "", /no longer there/);
});

test("a played episode shows the call as it was written, and no scores", async () => {
  using run = makeEpisodes();
  playAt(run, 5);
  using source = new RunEpisodes(run.folder);
  const read = await source.read({ step: 5, phase: "played", question: "heldout-1", episode: 1 });
  assert.equal(read?.turns.length, 2);
  const [first, last] = read?.turns ?? [];
  assert.deepEqual([first?.choice, first?.reward, first?.trouble], [null, null, "failed"]);
  assert.ok(first?.action.kind === "call");
  assert.equal(JSON.stringify(first.action.arguments), '{"value":12345678901234567890}');
  assert.deepEqual([last?.action.kind, read?.unknown], ["answer", null]);
  assert.equal(await source.read({ step: 6, phase: "played", question: "heldout-1", episode: 0 }), undefined);
});

test("what is written meanwhile is found, part by part, and a part that was written again is read again", () => {
  using run = makeEpisodes({ lines: trajectories(3) });
  using source = new RunEpisodes(run.folder);
  readAll(source);
  const until = (wanted: () => boolean): void => {
    const end = Date.now() + 10_000;
    for (readAll(source); !wanted() && Date.now() < end; ) readAll(source);
    assert.ok(wanted());
  };
  playAt(run, 10, { questions: 2, right: 2 });
  until(() => source.header().episodes === 3 + 4);
  const right = () => [...source.rows()].filter(({ phase, correct }) => phase === "played" && correct).length;
  assert.equal(right(), 2);
  playAt(run, 10, { questions: 2, right: 1 });
  until(() => right() === 4);
});

test("a run of samples says that it is none of episodes, and one that is gone says so until it is back", () => {
  using run = makeRun();
  using source = new RunEpisodes(run.folder);
  run.writer.recordStep(stepOf(1, 2, 2, 8));
  assert.equal(source.refresh(), false);
  const { source: shown, episodes } = source.header();
  assert.deepEqual([shown.kind === "run" && shown.ofEpisodes, episodes], [false, 0]);
  run.close();
  renameSync(run.folder, `${run.folder}-away`);
  assert.throws(
    () => source.refresh(),
    (error) => /no longer there/.test(source.sentenceOf(error)),
  );
  renameSync(`${run.folder}-away`, run.folder);
  source.refresh();
});
