import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import { EpisodeReader } from "./episodeReader.ts";
import type { EpisodeRecord } from "./episodeRows.ts";
import { RunReader } from "./reader.ts";
import { makeOlder } from "./testing/older.ts";
import { stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "episodes-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const episodeAt = (place: number, episode: number, turns = 2): EpisodeRecord => ({
  question: `q${place}`,
  episode,
  place,
  category: place % 2 === 0 ? "even" : null,
  query: `What is ${place}?`,
  correct: episode === 0,
  answer: episode === 0 ? String(place) : null,
  reason: "It ran out of steps.",
  turns: Array.from({ length: turns }, (_, turn) => ({
    thought: `thought ${turn}`,
    kind: "call",
    tool: "add",
    action: `<tool_call>${turn}</tool_call>`,
    observation: turn === 0 ? "seen" : null,
    trouble: turn === 0 ? null : "cut",
    ...(turn === 0 && {
      paid: { score: 7, chosenBy: "least-used", reward: 1.2, parts: { quality: 0.7, diversity: 0.5, terminal: 0 } },
    }),
  })),
});

test("episodes and their turns are read as they were written, page by page, and written again they are the same rows", (t) => {
  const dir = folder(t);
  using writer = RunWriter.open(dir);
  const all = [0, 1, 2].flatMap((place) => [episodeAt(place, 0), episodeAt(place, 1, 3)]);
  writer.recordEpisodes("played", 4, all);
  writer.recordEpisodes("stored", 0, [episodeAt(10, 0), episodeAt(9, 0)]);
  writer.recordEpisodes("played", 4, [episodeAt(2, 1, 1)]);
  using reader = new EpisodeReader(dir);
  const rows = reader.episodes({ phase: "played", step: 4, limit: 100 });
  assert.deepEqual(
    rows.map(({ question, episode, turns }) => [question, episode, turns]),
    [
      ["q0", 0, 2],
      ["q0", 1, 3],
      ["q1", 0, 2],
      ["q1", 1, 3],
      ["q2", 0, 2],
      ["q2", 1, 1],
    ],
  );
  for (const row of rows) {
    const { turns, ...record } =
      row.question === "q2" && row.episode === 1 ? episodeAt(2, 1, 1) : episodeAt(row.place, row.episode, row.turns);
    assert.deepEqual(row, { ...record, step: 4, phase: "played", turns: turns.length });
    assert.deepEqual(reader.turns(row), turns);
  }
  const paged = [];
  for (let after: (typeof rows)[number] | undefined; ; ) {
    const page = reader.episodes({ limit: 3, ...(after && { after }) });
    paged.push(...page);
    after = page.at(-1);
    if (page.length < 3) break;
  }
  assert.deepEqual(paged, reader.episodes({ limit: 100 }));
  assert.deepEqual(
    reader.episodes({ phase: "stored", limit: 10 }).map(({ question }) => question),
    ["q9", "q10"],
  );
  assert.deepEqual(reader.episodes({ correct: true, phase: "played", limit: 10 }).length, 3);
  assert.throws(() => reader.episodes({ limit: 0 }), RangeError);
});

test("parts tell what there is, and summaries what the turns of each episode come to", (t) => {
  const dir = folder(t);
  using writer = RunWriter.open(dir);
  writer.recordEpisodes("stored", 0, [episodeAt(1, 0, 3), episodeAt(0, 0)]);
  const [first] = episodeAt(0, 0).turns;
  assert.ok(first);
  const { paid: _, ...unpaid } = first;
  const turns = ["search", "add", "search", null].map((tool) => ({ ...unpaid, tool }));
  writer.recordEpisodes("played", 4, [
    { ...episodeAt(0, 1), turns },
    { ...episodeAt(0, 0), turns: [] },
  ]);
  using reader = new EpisodeReader(dir);
  assert.deepEqual(reader.parts(), [
    { step: 0, phase: "stored", episodes: 2, correct: 2, turns: 5 },
    { step: 4, phase: "played", episodes: 2, correct: 1, turns: 4 },
  ]);
  const summaries = reader.summaries({ step: 0, phase: "stored" });
  assert.deepEqual(
    summaries.map(({ question, tools, return: sum, trouble, nothingViable }) => [
      question,
      tools,
      sum,
      trouble,
      nothingViable,
    ]),
    [
      ["q0", ["add"], 1.2, 1, 0],
      ["q1", ["add"], 1.2, 2, 0],
    ],
  );
  const played = reader.summaries({ step: 4, phase: "played" });
  assert.deepEqual(
    played.map(({ episode, tools, return: sum, trouble }) => [episode, tools, sum, trouble]),
    [
      [0, [], null, 0],
      [1, ["search", "add"], null, 0],
    ],
  );
  for (const summary of [...summaries, ...played]) assert.deepEqual(reader.episode(summary), summary);
  assert.equal(reader.episode({ step: 9, phase: "played", question: "q0", episode: 0 }), undefined);
});

test("what another connection writes is another version of the data", (t) => {
  const dir = folder(t);
  using writer = RunWriter.open(dir);
  using reader = new EpisodeReader(dir);
  const before = reader.dataVersion();
  assert.equal(reader.dataVersion(), before);
  writer.recordEpisodes("played", 4, [episodeAt(0, 1)]);
  assert.notEqual(reader.dataVersion(), before);
});

test("a step's lessons take the place of those that it had before", (t) => {
  const dir = folder(t);
  using writer = RunWriter.open(dir);
  const lesson = (turn: number) => ({ question: "q1", turn, value: 0.5, advantage: turn - 1, target: turn - 0.5 });
  writer.recordStep({ ...stepAt(1), lessons: [lesson(0), lesson(1)] });
  writer.recordStep({ ...stepAt(2), lessons: [lesson(1)] });
  writer.recordStep({ ...stepAt(1), lessons: [lesson(2)] });
  using reader = new EpisodeReader(dir);
  assert.deepEqual(reader.lessonsOf("q1"), [
    { step: 2, ...lesson(1) },
    { step: 1, ...lesson(2) },
  ]);
});

test("the choices of an evaluation come back with it, and a store from before episodes has none", (t) => {
  const dir = folder(t);
  const accuracy = { rows: 4, correct: 1, value: 0.25, low: 0.1, high: 0.5 };
  const part = { tools: [{ tool: "add", turns: 3, share: 1 }], entropyBits: 0, entropyBitsPerQuestion: 0 };
  const event: EvaluationEvent = {
    step: 3,
    moment: "between",
    accuracy,
    categories: { even: accuracy },
    truncated: 1,
    malformed: 2,
    choices: {
      tools: [
        { tool: "zoo", turns: 3, share: 0.75 },
        { tool: "add", turns: 0, share: 0 },
        { tool: null, turns: 1, share: 0.25 },
      ],
      entropyBits: 0.8,
      entropyBitsPerQuestion: 0.3,
      episodes: 2,
      turns: 5,
      unreadable: 1,
      categories: { even: part },
    },
  };
  const { choices: _, ...ofRows } = { ...event, step: 6 };
  {
    using writer = RunWriter.open(dir);
    writer.recordEvaluation(event);
    writer.recordEvaluation(event);
    writer.recordEvaluation(ofRows);
    using reader = new RunReader(dir);
    assert.deepEqual(reader.evaluations(), [event, ofRows]);
  }
  makeOlder(join(dir, "run.sqlite"), 4);
  {
    using reader = new RunReader(dir);
    assert.deepEqual(
      reader.evaluations().map(({ choices }) => choices),
      [undefined, undefined],
    );
    using episodes = new EpisodeReader(dir);
    assert.deepEqual(episodes.episodes({ limit: 10 }), []);
  }
  RunWriter.open(dir).close();
  using episodes = new EpisodeReader(dir);
  assert.deepEqual(episodes.episodes({ limit: 10 }), []);
});
