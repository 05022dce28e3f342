import assert from "node:assert/strict";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import test from "node:test";
import type { EpisodeKey } from "../../../schemas/episodesView.ts";
import {
  headerOf,
  lineOf,
  questionAt,
  skippedAt,
  trajectories,
  trajectoryAt,
  trajectoryFile,
  writeTrajectories,
} from "../testing/madeTrajectories.ts";
import { TrajectoryEpisodes } from "./trajectoryEpisodes.ts";

/** Reads until nothing is left. */
function readAll(source: TrajectoryEpisodes): void {
  do source.refresh();
  while (source.more);
}

const keyOf = (question: string, episode = 0): EpisodeKey => ({ step: 0, phase: "stored", question, episode });

test("rows say what became of each trajectory, and the header what made them", (t) => {
  const file = trajectoryFile(t);
  writeTrajectories(file, [...trajectories(8), skippedAt(8)], 20);
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  const rows = [...source.rows()];
  assert.equal(rows.length, 9);
  assert.deepEqual(rows[0], {
    ...keyOf("train-0000"),
    place: 0,
    query: "How long is 0 cm?",
    category: "units",
    correct: true,
    end: "answered",
    turns: 2,
    return: 0.9 + 0.25 + 1 + 0.25 + 1,
    tools: ["calculator"],
    trouble: 0,
    nothingViable: 0,
  });
  assert.deepEqual([rows[5]?.end, rows[5]?.correct], ["ran out of steps", false]);
  assert.deepEqual([rows[6]?.trouble, rows[6]?.nothingViable], [1, 1]);
  assert.deepEqual([rows[8]?.end, rows[8]?.correct, rows[8]?.return], ["skipped", null, null]);
  const { source: shown, ...header } = source.header();
  assert.deepEqual(shown, {
    kind: "file",
    made: {
      judge: "exact, up to 6 for a part",
      rule: "least-used",
      threshold: 6,
      model: "policy",
      seed: 7,
      questions: 20,
    },
  });
  assert.deepEqual(header, {
    episodes: 9,
    categories: ["dates", "units"],
    tools: ["calculator"],
    stored: true,
    played: [],
    reading: null,
    faults: { lines: 0, first: [] },
  });
});

test("an episode has every turn with its candidates, from the file as it lies there", async (t) => {
  const file = trajectoryFile(t);
  writeTrajectories(file, [...trajectories(40), skippedAt(40)]);
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  for (const place of [0, 5, 6, 39]) {
    const written = trajectoryAt(place);
    const read = await source.read(keyOf(questionAt(place)));
    assert.deepEqual(
      read?.turns.map(({ choice }) => choice?.among?.candidates),
      written.turns.map(({ candidates }) => candidates),
    );
    assert.deepEqual([read?.accepted, read?.answer, read?.threshold], [written.accepted, written.answer ?? null, 6]);
    assert.deepEqual(
      read?.turns.map(({ reward }) => reward),
      written.turns.map(({ reward }) => reward),
    );
  }
  assert.match((await source.read(keyOf(questionAt(6))))?.reason ?? "", /is right/);
  const skipped = await source.read(keyOf(questionAt(40)));
  assert.match(skipped?.reason ?? "", /could not be understood in turn 2.*poem/);
  assert.equal(await source.read(keyOf("no such question")), undefined);
});

test("what is appended is found, and half a line is no fault", (t) => {
  const file = trajectoryFile(t);
  writeTrajectories(file, trajectories(2));
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  assert.equal(source.refresh(), false, "nothing is new");
  const next = lineOf(trajectoryAt(2));
  appendFileSync(file, next.slice(0, 40));
  readAll(source);
  assert.deepEqual([source.header().episodes, source.header().faults.lines], [2, 0]);
  appendFileSync(file, next.slice(40));
  readAll(source);
  assert.deepEqual(
    [...source.rows()].map(({ question }) => question),
    [0, 1, 2].map(questionAt),
  );
});

test("the same question twice is two episodes, and a last line without its end is one", async (t) => {
  const file = trajectoryFile(t);
  writeTrajectories(file, [trajectoryAt(1)]);
  appendFileSync(file, lineOf({ ...trajectoryAt(1), query: "again" }).trimEnd());
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  assert.deepEqual(
    [...source.rows()].map(({ episode, place }) => [episode, place]),
    [
      [0, 0],
      [1, 1],
    ],
  );
  assert.equal((await source.read(keyOf(questionAt(1), 1)))?.query, "again");
  appendFileSync(file, "\n");
  readAll(source);
  assert.equal(source.header().episodes, 2);
});

test("a line that is none is told with its number and what is wrong, and the others are shown", (t) => {
  const file = trajectoryFile(t);
  const noSuchChoice = { ...trajectoryAt(1), turns: [{ ...trajectoryAt(1).turns[0], chosen: 9 }] };
  const lines = [headerOf(4), trajectoryAt(0), noSuchChoice, { question: 5 }].map(lineOf);
  writeFileSync(file, `${lines.join("")}{"question": \n\n${lineOf(trajectoryAt(3))}`);
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  const { episodes, faults } = source.header();
  assert.deepEqual([episodes, faults.lines], [2, 3]);
  assert.match(faults.first[0] ?? "", /^Line 3 \(turns\[0\]\.chosen\): There is no candidate 9; the turn has 4/);
  assert.match(faults.first[1] ?? "", /^Line 4: The key "query" is missing/);
  assert.match(faults.first[2] ?? "", /^Line 5/);
});

test("another file is refused in one sentence, and one that is gone says so", (t) => {
  const file = trajectoryFile(t);
  writeFileSync(file, lineOf(trajectoryAt(0)));
  using source = new TrajectoryEpisodes(file);
  const refused = (): string => {
    try {
      source.refresh();
    } catch (error) {
      return source.sentenceOf(error);
    }
    return "";
  };
  assert.match(refused(), /a\.trajectories\.jsonl:1.*"?question"? is not a known key/);
  rmSync(file);
  assert.match(refused(), /no longer there/);
  source.forget();
  writeTrajectories(file, trajectories(3));
  readAll(source);
  assert.equal(source.header().episodes, 3);
});

test("a file that was generated anew is read anew", async (t) => {
  const file = trajectoryFile(t);
  writeTrajectories(file, trajectories(5));
  using source = new TrajectoryEpisodes(file);
  readAll(source);
  const before = source.read(keyOf(questionAt(0)));
  await before;
  writeTrajectories(file, trajectories(9).slice(6));
  // The text behind the place of a line is another question's now.
  assert.equal(await source.read(keyOf(questionAt(0))), undefined);
  readAll(source);
  assert.deepEqual(
    [...source.rows()].map(({ question }) => question),
    [6, 7, 8].map(questionAt),
  );
});

test("a large file is read in slices, and of its texts only places are kept", (t) => {
  const file = trajectoryFile(t);
  const long = { ...trajectoryAt(0), query: "long ".repeat(20_000) };
  writeTrajectories(
    file,
    Array.from({ length: 60 }, (_, place) => ({ ...long, question: questionAt(place) })),
  );
  using source = new TrajectoryEpisodes(file);
  const told: number[] = [];
  do {
    source.refresh();
    const { reading } = source.header();
    if (reading) told.push(reading.read / reading.of);
  } while (source.more);
  assert.ok(told.every((share, index) => share > (told[index - 1] ?? 0) && share < 1));
  assert.equal(source.header().episodes, 60);
  for (const { query } of source.rows()) assert.equal(query.length, 200);
});
