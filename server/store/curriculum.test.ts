import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import type { ProbeEvent, RoundEvent } from "../../schemas/protocol.ts";
import type { FewShotRecord } from "./curriculumRows.ts";
import { openForWriting, STORE_FILE } from "./database.ts";
import { RunReader } from "./reader.ts";
import { hashOf } from "./rows.ts";
import { makeOlder } from "./testing/older.ts";
import { rolloutAt, stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "curriculum-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const round = (number: number, step: number, hard: number): RoundEvent => ({
  round: number,
  step,
  steps: 4,
  hard,
  fewShots: 1,
  noCandidates: 2,
  unverified: 3,
  added: 4,
  easy: 5,
  retired: 6,
  newlyHard: 7,
  hardAgain: 8,
  edited: 9,
  excluded: 10,
  attempts: 11,
  rollouts: 12,
});
const probe: ProbeEvent = {
  step: 0,
  moment: "before",
  rows: 2,
  hard: 1,
  rollouts: 2,
  mode: "fast",
  skipped: 0,
  drawn: 3,
  saved: 1,
};
const fewShots = (attempt: number, chosen: boolean): FewShotRecord => ({
  sample: "sample-0",
  attempt,
  demonstrations: [{ id: "d", query: "Ask \u0000 this", answer: [{ name: "t", arguments: { id: 1 } }] }],
  promptHash: hashOf("prompt"),
  tokens: 12,
  dropped: 0,
  rollouts: 2,
  correct: Number(chosen),
  chosen,
});
const edit = {
  step: 1,
  file: "a.replacement.json",
  sample: "sample-0",
  action: "exclude",
  reason: null,
  text: "{}",
} as const;

function written(): void {
  using writer = RunWriter.open(dir);
  writer.recordRollouts("probe", 0, [{ ...rolloutAt(0, 0, 0), sample: "sample-0", correct: false }]);
  writer.recordProbe(probe, [{ sample: "sample-0", state: "hard" }]);
  writer.recordFewShots(0, 1, [fewShots(0, false), fewShots(1, true)]);
  writer.recordRound(round(1, 0, 7), [{ sample: "sample-0", state: "hard-few-shots", detail: { attempt: 1 } }]);
  const made = stepAt(1, 2, 1);
  const step = { ...made, rollouts: made.rollouts.map((row) => ({ ...row, sample: `sample-${row.group}` })) };
  const draws = step.rollouts.map(({ group, sample, prompt }) => ({
    group,
    sample,
    version: "few-shot" as const,
    promptHash: hashOf(prompt),
    round: 1,
    attempt: 1,
    edit: null,
  }));
  writer.recordStep({ ...step, draws, states: [{ sample: "sample-0", state: "retired" }] });
}

test("a row's whole way is told in order, with the exact demonstrations and prompts", () => {
  written();
  {
    using writer = RunWriter.open(dir);
    writer.recordEdits([edit, { ...edit, action: "refused", reason: "why", sample: null }]);
  }
  using reader = new RunReader(dir);
  const history = reader.history("sample-0");
  assert.deepEqual(
    history.map(({ step, what }) => [step, what]),
    [
      [0, "probe"],
      [0, "few-shots"],
      [0, "few-shots"],
      [0, "state"],
      [1, "edit"],
      [1, "draw"],
      [1, "state"],
    ],
  );
  assert.deepEqual(history[1]?.detail.demonstrations, fewShots(0, false).demonstrations);
  assert.equal(reader.prompt(history[5]?.detail.prompt as string), stepAt(1, 2, 1).rollouts[0]?.prompt);
  assert.deepEqual(reader.rounds(), [round(1, 0, 7)]);
  assert.deepEqual(reader.probeOutcomes(), [probe]);
  const edits = reader.edits();
  assert.deepEqual(
    edits.map(({ sequence, action, reason }) => [sequence, action, reason]),
    [
      [1, "exclude", null],
      [2, "refused", "why"],
    ],
  );
  assert.deepEqual(
    reader.sampleStates().map(({ sample, state }) => [sample, state]),
    [["sample-0", "retired"]],
  );
});

test("what a replay writes again takes the place of its twin", () => {
  written();
  const read = () => {
    using reader = new RunReader(dir);
    return [reader.history("sample-0"), reader.rounds(), reader.probeOutcomes(), reader.edits()];
  };
  const before = read();
  written();
  assert.deepEqual(read(), before);
});

test("a store from before there were rounds reads as it is, and is brought up when its run is resumed", () => {
  {
    using writer = RunWriter.open(dir);
    writer.recordRollouts("probe", 0, [
      { ...rolloutAt(0, 0, 0), sample: "a", correct: false },
      { ...rolloutAt(0, 0, 1), sample: "a", correct: false },
      { ...rolloutAt(0, 1, 0), sample: "b", correct: true, formatOk: true },
      { ...rolloutAt(0, 1, 1), sample: "b", correct: false },
    ]);
    writer.recordProbe({ ...probe, mode: "full", drawn: 4, saved: 0 }, []);
    writer.recordStep(stepAt(1));
  }
  const file = join(dir, STORE_FILE);
  makeOlder(file, 2);
  const full: ProbeEvent = { ...probe, mode: "full", drawn: 4, saved: 0 };
  const read = () => {
    using reader = new RunReader(dir);
    const { rows } = reader.rollouts({ limit: 100 });
    return {
      outcomes: reader.probeOutcomes(),
      rounds: reader.rounds(),
      edits: reader.edits(),
      rows,
      states: reader.sampleStates(),
    };
  };
  const old = read();
  assert.deepEqual([old.outcomes, old.rounds, old.edits], [[full], [], []]);
  {
    using reader = new RunReader(dir);
    assert.deepEqual(reader.history("a"), []);
  }
  openForWriting(file).close();
  assert.deepEqual(read(), old);
  using reader = new RunReader(dir);
  assert.deepEqual(
    reader.history("a").map(({ what, detail }) => [what, detail]),
    [["probe", { moment: "before", rollouts: 2, correct: 0 }]],
  );
});
