import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { afterEach, beforeEach } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import type { EvaluationEvent, ProbeEvent } from "../../schemas/protocol.ts";
import { openForWriting, STORE_FILE } from "./database.ts";
import { RunReader } from "./reader.ts";
import type { RolloutRecord } from "./rows.ts";
import { rolloutAt, stepAt } from "./testing/rollouts.ts";
import { REPLAY_DIFFERENCE, RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "writer-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** All that a reader can say of the run. */
function everything() {
  using reader = new RunReader(dir);
  const { rows } = reader.rollouts({ limit: 1000 });
  return {
    rollouts: rows.map((row) => ({ ...row, prompt: reader.prompt(row.promptHash), ...reader.tokens(row) })),
    steps: reader.steps(),
    counts: reader.counts(),
    evaluations: reader.evaluations(),
    probes: reader.probes(),
    outcomes: reader.probeOutcomes(),
    states: reader.sampleStates(),
    events: reader.events({ limit: 1000 }),
  };
}

const probed: ProbeEvent = {
  step: 0,
  moment: "before",
  rows: 2,
  hard: 1,
  rollouts: 2,
  mode: "full",
  skipped: 0,
  drawn: 4,
  saved: 0,
};

function differences() {
  return everything().events.map(({ kind, data }) => ({ kind, ...data }));
}

const sum = (rows: RolloutRecord[], of: (row: RolloutRecord) => number | boolean): number =>
  rows.reduce((total, row) => total + Number(of(row)), 0);

test("a step comes back as it went in", () => {
  const input = stepAt(1);
  using writer = RunWriter.open(dir);
  assert.equal(writer.recordStep(input), undefined);
  const { rollouts, steps, counts, events } = everything();
  assert.deepEqual(steps, [{ step: 1, metrics: input.metrics, timings: input.timings }]);
  assert.deepEqual(counts, {
    steps: 1,
    lastStep: 1,
    rollouts: 6,
    correct: sum(input.rollouts, (row) => row.correct),
    malformed: sum(input.rollouts, (row) => !row.formatOk),
    truncated: sum(input.rollouts, (row) => row.truncated),
    tokens: sum(input.rollouts, (row) => row.tokens.length),
  });
  assert.deepEqual(events, []);
  const expected = input.rollouts.map(({ correct, formatOk, ...row }) => ({
    ...row,
    step: 1,
    phase: "train",
    length: row.tokens.length,
    outcome: correct ? "correct" : formatOk ? "wrong" : "malformed",
  }));
  assert.deepEqual(
    rollouts.map(({ promptHash: _, ...row }) => row),
    expected,
  );
});

test("hostile and broken text survives, and what is not a number reads as null", () => {
  const step = stepAt(1, 1, 1);
  const completion = "\u0000\u001b[31m\u202e'); DROP TABLE rollouts; --\ufeff𝕏\r\n";
  const [row] = step.rollouts;
  using writer = RunWriter.open(dir);
  writer.recordStep({
    ...step,
    metrics: { loss: Number.NaN, gradNorm: Infinity, "a \"b\" 'c'": 2 },
    rollouts: [{ ...(row as RolloutRecord), completion, sample: completion }],
  });
  const { rollouts, steps } = everything();
  assert.deepEqual([rollouts[0]?.completion, rollouts[0]?.sample], [completion, completion]);
  assert.deepEqual(steps[0]?.metrics, { loss: null, gradNorm: Infinity, "a \"b\" 'c'": 2 });
});

test("a prompt that many rollouts share is stored once", () => {
  using writer = RunWriter.open(dir);
  for (const step of [1, 2, 3, 4, 5]) writer.recordStep(stepAt(step));
  using database = new DatabaseSync(join(dir, STORE_FILE), { readOnly: true });
  assert.equal(database.prepare("SELECT count(*) AS n FROM prompts").get()?.n, 4);
});

test("a metric whose name no SQL can hold is stored, and the view does without it", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep({ ...stepAt(1), metrics: { loss: 1, "rewardParts.a\0b": 0.5 } });
  using reader = new RunReader(dir);
  assert.deepEqual(reader.steps()[0]?.metrics, { loss: 1, "rewardParts.a\0b": 0.5 });
  using database = new DatabaseSync(join(dir, STORE_FILE), { readOnly: true });
  assert.deepEqual({ ...database.prepare("SELECT * FROM metrics").get() }, { step: 1, loss: 1 });
});

test("the view `metrics` has a column for every metric that any step had", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep({ ...stepAt(1), metrics: { loss: 1 } });
  writer.recordStep({ ...stepAt(2), metrics: { loss: 2, "a.b": 3 } });
  using database = new DatabaseSync(join(dir, STORE_FILE), { readOnly: true });
  const rows = database.prepare("SELECT * FROM metrics").all();
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [
      { step: 1, "a.b": null, loss: 1 },
      { step: 2, "a.b": 3, loss: 2 },
    ],
  );
});

test("a replay that equals what it replaces leaves no trace, whatever its timings", () => {
  const write = (milliseconds: number): void => {
    using writer = RunWriter.open(dir);
    for (const step of [1, 2]) {
      const states = [{ sample: "sample-1", state: "easy" }];
      const metrics = { ...stepAt(step).metrics, odd: Number.NaN, zero: -0 };
      assert.equal(writer.recordStep({ ...stepAt(step), metrics, states, timings: { milliseconds } }), undefined);
      writer.recordEvent({ step, kind: "note", key: "a", data: { step } });
    }
    writer.recordRollouts("probe", 2, stepAt(9).rollouts);
    writer.recordProbe({ ...probed, step: 2, moment: "after" }, []);
  };
  write(5);
  const before = everything();
  write(7);
  const after = everything();
  assert.deepEqual(
    after.steps.map(({ timings }) => timings),
    [{ milliseconds: 7 }, { milliseconds: 7 }],
  );
  assert.deepEqual({ ...after, steps: [] }, { ...before, steps: [] });
});

const changes: [string, (row: RolloutRecord) => Partial<RolloutRecord>][] = [
  ["sample", () => ({ sample: "other" })],
  ["prompt", () => ({ prompt: "other" })],
  ["tokens", ({ tokens }) => ({ tokens: tokens.map((id) => id + 1) })],
  ["logprobs", ({ logprobs }) => ({ logprobs: logprobs.map((value) => value * (1 + 2 ** -23)) })],
  ["completion", () => ({ completion: "other" })],
  ["entropy", () => ({ entropy: null })],
  ["reward", () => ({ reward: 0.5 })],
  ["advantage", ({ advantage }) => ({ advantage: (advantage as number) + 2 ** -50 })],
];

for (const [field, change] of changes) {
  test(`a replay that differs in ${field} is reported, and its rows are the ones that count`, () => {
    using writer = RunWriter.open(dir);
    writer.recordStep(stepAt(1));
    writer.recordStep(stepAt(2));
    const replayed = stepAt(2);
    const changed = replayed.rollouts[4] as RolloutRecord;
    replayed.rollouts[4] = { ...changed, ...change(changed) };
    const difference = writer.recordStep(replayed);
    const sample = replayed.rollouts[4].sample;
    assert.deepEqual(difference, { step: 2, sample, group: 1, rollout: 1, field, count: 1 });
    assert.deepEqual(differences(), [{ kind: REPLAY_DIFFERENCE, ...difference }]);
    const stored = everything().rollouts.filter(({ step }) => step === 2);
    assert.equal(stored.length, 6);
    const now = replayed.rollouts[4];
    const { reward, advantage, entropy, tokens, logprobs, completion, prompt } = stored[4] as NonNullable<
      (typeof stored)[4]
    >;
    assert.deepEqual(
      { reward, advantage, entropy, tokens, logprobs, completion, prompt },
      {
        reward: now.reward,
        advantage: now.advantage,
        entropy: now.entropy,
        tokens: now.tokens,
        logprobs: now.logprobs,
        completion: now.completion,
        prompt: now.prompt,
      },
    );
  });
}

test("a replay with other rows or metrics is reported with the number of differences", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  const fewer = stepAt(1);
  fewer.rollouts.splice(4, 2);
  assert.deepEqual(writer.recordStep(fewer), {
    step: 1,
    sample: "sample-2",
    group: 1,
    rollout: 1,
    field: "presence",
    count: 2,
  });
  const metrics = { ...fewer.metrics, loss: 0.25, extra: 1 };
  const none = { sample: null, group: null, rollout: null };
  assert.deepEqual(writer.recordStep({ ...fewer, metrics }), { step: 1, ...none, field: "metrics.loss", count: 2 });
  assert.deepEqual(everything().steps[0]?.metrics, metrics);
});

test("a run that goes on from an earlier step keeps later rows until it replaces them", () => {
  using writer = RunWriter.open(dir);
  for (const step of [1, 2, 3]) writer.recordStep(stepAt(step));
  writer.recordStep(stepAt(2));
  assert.deepEqual(
    everything().steps.map(({ step }) => step),
    [1, 2, 3],
  );
});

test("pieces of an evaluation replace their twins alone, and only common rows are compared", () => {
  using writer = RunWriter.open(dir);
  const rows = [0, 1, 2, 3].map((group) => ({ ...rolloutAt(5, group, 0), advantage: null, compact: true }));
  assert.equal(writer.recordRollouts("evaluation", 5, rows.slice(0, 2)), undefined);
  assert.equal(writer.recordRollouts("evaluation", 5, rows.slice(1, 4)), undefined);
  const { rollouts, counts } = everything();
  assert.deepEqual(
    rollouts.map(({ group, phase, tokens, length }) => ({ group, phase, tokens, length })),
    rows.map(({ group, tokens }) => ({ group, phase: "evaluation", tokens: undefined, length: tokens.length })),
  );
  assert.equal(counts.rollouts, 0, "only training counts");
  const other = writer.recordRollouts("evaluation", 5, [{ ...(rows[3] as RolloutRecord), completion: "other" }]);
  assert.deepEqual([other?.group, other?.field], [3, "completion"]);
});

test("an evaluation comes back, and a replayed one takes its place", () => {
  const accuracy = { rows: 4, correct: 1, value: 0.25, low: 0.05, high: 0.7 };
  const event: EvaluationEvent = {
    step: 2,
    moment: "between",
    accuracy,
    categories: { single: { ...accuracy, rows: 3 }, none: { ...accuracy, rows: 1 } },
    truncated: 1,
    malformed: 2,
  };
  using writer = RunWriter.open(dir);
  writer.recordEvaluation({ ...event, categories: { single: accuracy, gone: accuracy } });
  writer.recordEvaluation(event);
  writer.recordEvaluation({ ...event, step: 0, moment: "before" });
  assert.deepEqual(everything().evaluations, [{ ...event, step: 0, moment: "before" }, event]);
});

test("a probe is counted from its rollouts, and sets which samples are hard", () => {
  using writer = RunWriter.open(dir);
  const solved = { correct: true, formatOk: true };
  const failed = { correct: false, formatOk: true };
  const rows = [
    { ...rolloutAt(0, 0, 0), ...failed, sample: "a" },
    { ...rolloutAt(0, 0, 1), ...failed, sample: "a" },
    { ...rolloutAt(0, 1, 0), ...failed, sample: "b" },
    { ...rolloutAt(0, 1, 1), ...solved, sample: "b" },
  ];
  writer.recordRollouts("probe", 0, rows);
  const states = [
    { sample: "a", state: "hard" },
    { sample: "b", state: "easy" },
  ];
  writer.recordStates(0, states.slice(0, 1));
  writer.recordProbe(probed, states);
  writer.recordProbe(probed, states);
  const { probes, states: stored, outcomes } = everything();
  assert.deepEqual(outcomes, [probed]);
  assert.deepEqual(probes, [
    { step: 0, moment: "before", sample: "a", rollouts: 2, correct: 0 },
    { step: 0, moment: "before", sample: "b", rollouts: 2, correct: 1 },
  ]);
  assert.deepEqual(
    stored.map(({ sample, state }) => ({ sample, state })),
    states,
  );
});

test("a sample's state is its latest: a later step over an earlier, a probe over its step, a person over both", () => {
  using writer = RunWriter.open(dir);
  const current = (): string[] => everything().states.map(({ sample, state, step }) => `${sample} ${state} ${step}`);
  writer.recordStep({
    ...stepAt(3),
    states: [
      { sample: "a", state: "easy" },
      { sample: "b", state: "easy" },
    ],
  });
  writer.recordRollouts("probe", 3, [{ ...rolloutAt(3, 0, 0), correct: false, sample: "a" }]);
  writer.recordProbe({ ...probed, step: 3, moment: "after" }, [{ sample: "a", state: "hard" }]);
  assert.deepEqual(current(), ["a hard 3", "b easy 3"]);
  writer.recordSampleState(3, { sample: "a", state: "excluded", detail: { by: "hand" } });
  assert.deepEqual(current(), ["a excluded 3", "b easy 3"]);
  writer.recordStep({ ...stepAt(4), states: [{ sample: "a", state: "easy" }] });
  assert.deepEqual(current(), ["a easy 4", "b easy 3"]);
  writer.recordStep(stepAt(4));
  assert.deepEqual(current(), ["a excluded 3", "b easy 3"], "a state that the replay does not repeat is gone");
});

test("events with a key are one with their twin; events without happened each by itself", () => {
  using writer = RunWriter.open(dir);
  const event = { step: 1, kind: "draw", key: "sample-1", data: { text: "a" } };
  writer.recordEvent(event);
  const [first] = everything().events;
  writer.recordEvent(event);
  assert.deepEqual(everything().events, [first]);
  for (const _ of [1, 2]) writer.recordEvent({ step: 1, kind: "paused", key: null, data: {} });
  writer.recordEvent({ ...event, data: { text: "b" } });
  const { events } = everything();
  assert.deepEqual(
    events.map(({ sequence, kind, data }) => ({ sequence, kind, data })),
    [
      { sequence: 2, kind: "paused", data: {} },
      { sequence: 3, kind: "paused", data: {} },
      { sequence: 4, kind: "draw", data: { text: "b" } },
    ],
  );
});

test("a full disk is a sentence, and what was stored stays", () => {
  const file = join(dir, STORE_FILE);
  const database = openForWriting(file);
  using writer = new RunWriter(database, file);
  writer.recordStep(stepAt(1));
  const before = everything();
  const pages = database.prepare("PRAGMA page_count").get()?.page_count as number;
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const large = stepAt(2);
  large.rollouts[5] = { ...rolloutAt(2, 1, 2), completion: "x".repeat(50_000) };
  assert.throws(
    () => writer.recordStep(large),
    (error) =>
      error instanceof InputError &&
      error.place?.file === file &&
      error.message.includes(file) &&
      /no room left .* step 2 is not stored, and nothing stored before is lost/.test(error.message),
  );
  assert.deepEqual(everything(), before);
  database.exec("PRAGMA max_page_count = 100000");
  assert.equal(writer.recordStep(large), undefined, "goes on once there is room");
  assert.equal(everything().counts.steps, 2);
});

test("a step that breaks off half-way is not there at all", () => {
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(1));
  const before = everything();
  const bad = stepAt(1);
  bad.rollouts[5] = { ...(bad.rollouts[0] as RolloutRecord), completion: "twice in one place" };
  assert.throws(() => writer.recordStep(bad), /UNIQUE/);
  assert.deepEqual(everything(), before);
});
