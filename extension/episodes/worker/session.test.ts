import assert from "node:assert/strict";
import { appendFileSync, renameSync } from "node:fs";
import test from "node:test";
import { EVERY_EPISODE, episodeKey } from "../../../schemas/episodesView.ts";
import { Listener } from "../testing/listener.ts";
import { makeEpisodes, playAt } from "../testing/madeEpisodes.ts";
import { lineOf, questionAt, trajectories, trajectoryAt, trajectoryFile } from "../testing/madeTrajectories.ts";
import { RunEpisodes } from "./runEpisodes.ts";
import { TrajectoryEpisodes } from "./trajectoryEpisodes.ts";

test("a list is opened, paged, and opened around an episode", async (t) => {
  using view = new Listener(new TrajectoryEpisodes(trajectoryFile(t, ...trajectories(60))));
  const all = await view.open();
  assert.deepEqual([all.total, all.rows.length, all.start, all.at], [60, 60, 0, null]);
  const key = { step: 0, phase: "stored", question: questionAt(40), episode: 0 } as const;
  const around = await view.ask("open", { query: EVERY_EPISODE, count: 10, around: key });
  assert.equal(around.at, 40);
  assert.ok(around.rows.some(({ question }) => question === questionAt(40)));
  const { rows, start } = await view.ask("page", { list: around.list, start: 50, count: 20 });
  assert.deepEqual([start, rows.length, rows[0]?.question], [50, 10, questionAt(50)]);
  const past = await view.answer("page", { list: all.list, start: 0, count: 10 });
  assert.ok(past.kind === "refusal" && past.code === "superseded");
  const none = await view.ask("open", {
    query: { ...EVERY_EPISODE, correct: "wrong" },
    count: 10,
    around: { ...key, question: "-" },
  });
  assert.deepEqual([none.at, none.start], [null, 0]);
});

test("filters are asked of the whole source", async (t) => {
  using view = new Listener(new TrajectoryEpisodes(trajectoryFile(t, ...trajectories(30))));
  assert.deepEqual(await view.questions({ end: "ran out of steps" }), [5, 10, 20, 25].map(questionAt));
  assert.deepEqual(await view.questions({ happened: "nothingViable" }), [6, 13, 20, 27].map(questionAt));
  assert.equal((await view.questions({ category: "dates" })).length, 10);
});

test("an episode is told turn by turn, and of a long text the beginning and then what follows", async (t) => {
  const long = "word ".repeat(20_000);
  const [first, ...others] = trajectoryAt(0).turns;
  assert.ok(first);
  const turns = [{ ...first, observation: long, thought: "x\u0000y" }, ...others];
  const file = trajectoryFile(t, { ...trajectoryAt(0), query: long, turns });
  using view = new Listener(new TrajectoryEpisodes(file));
  const [row] = (await view.open()).rows;
  assert.ok(row);
  const key = episodeKey(row);
  const detail = await view.ask("episode", key);
  assert.deepEqual([detail.query.total, detail.query.text.length], [long.length, 4000]);
  const [turn, last] = detail.turns;
  assert.deepEqual(
    turn?.choice?.candidates?.map(({ tool, score, viable }) => [tool, score, viable]),
    [
      ["calculator", 9, true],
      ["converter", 7, true],
      ["search", 0, false],
      [null, 3, false],
    ],
  );
  assert.equal(turn?.choice?.chosen, 0);
  assert.deepEqual(turn?.action, {
    kind: "call",
    name: "calculator",
    arguments: [
      { name: "value", value: "0" },
      { name: "options", value: '{\n  "unit": "cm"\n}' },
    ],
    more: 0,
  });
  assert.deepEqual(last?.reward, {
    parts: [
      { name: "quality", value: 1 },
      { name: "diversity", value: 0.25 },
      { name: "terminal", value: 1 },
    ],
    sum: 2.25,
  });
  const place = { of: "observation", turn: 0, candidate: null } as const;
  let text = turn?.observation?.text ?? "";
  while (text.length < long.length) {
    const part = await view.ask("text", { key, place, from: text.length });
    assert.equal(part.from, text.length);
    text += part.text;
  }
  assert.equal(text, long);
  const candidate = { of: "candidate", turn: 1, candidate: 3 } as const;
  assert.equal((await view.ask("text", { key, place: candidate, from: 0 })).text, "<answer>0</answer>");
  const nowhere = await view.answer("text", { key, place: { ...place, turn: 9 }, from: 0 });
  assert.ok(nowhere.kind === "refusal" && nowhere.code === "gone");
  const unknown = await view.answer("episode", { ...key, question: "-" });
  assert.ok(unknown.kind === "refusal" && unknown.code === "gone");
});

test("what is new raises the revision, which is said until the view opens a list of it", async (t) => {
  const file = trajectoryFile(t, ...trajectories(2));
  using view = new Listener(new TrajectoryEpisodes(file));
  const { revision } = await view.open();
  appendFileSync(file, lineOf(trajectoryAt(2)));
  const now = await view.until((message) => message.kind === "now" && message.revision > revision);
  assert.ok(now.kind === "now" && now.header.episodes === 3);
  view.messages.length = 0;
  await view.until((message) => message.kind === "now" && message.revision === now.revision);
  const again = await view.open();
  assert.deepEqual([again.total, again.revision], [3, now.revision]);
});

test("the evaluations of a live run come as they are played", async () => {
  using run = makeEpisodes();
  using view = new Listener(new RunEpisodes(run.folder));
  const before = await view.open();
  playAt(run, 0, { questions: 3 });
  await view.until((message) => message.kind === "now" && message.revision > before.revision);
  assert.deepEqual((await view.open({ from: { step: 0 } })).total, 6);
});

test("a run that is gone is a problem, asked for and unasked, until it is back", async () => {
  using run = makeEpisodes();
  using view = new Listener(new RunEpisodes(run.folder));
  await view.open();
  run.close();
  renameSync(run.folder, `${run.folder}-away`);
  const problem = await view.until(({ kind }) => kind === "problem");
  assert.match(problem.kind === "problem" ? problem.message : "", /no longer there/);
  const refused = await view.answer("open", { query: EVERY_EPISODE, count: 10, around: null });
  assert.ok(refused.kind === "refusal" && refused.code === "store");
  renameSync(`${run.folder}-away`, run.folder);
  assert.equal((await view.open()).total, 12);
});

test("a view that nobody sees is told nothing, and what is no message is left alone", async (t) => {
  const file = trajectoryFile(t, ...trajectories(2));
  using view = new Listener(new TrajectoryEpisodes(file));
  await view.open();
  view.session.setVisible(false);
  view.messages.length = 0;
  appendFileSync(file, lineOf(trajectoryAt(2)));
  view.session.receive({ kind: "request", id: 4, method: "drop" });
  view.session.receive(null);
  const { total } = await view.ask("open", { query: EVERY_EPISODE, count: 10, around: null });
  assert.equal(total, 3);
  assert.deepEqual(
    view.messages.map(({ kind }) => kind),
    ["reply"],
  );
});
