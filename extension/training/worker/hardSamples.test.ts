import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import test from "node:test";
import type { ProbeEvent } from "../../../schemas/protocol.ts";
import type { RolloutRecord } from "../../../server/store/rows.ts";
import { groupAt, type MadeRun, makeRun, sampleAt } from "../../rollouts/testing/madeRun.ts";
import { historyOf } from "./hardHistory.ts";
import { HardSampleLists, MOST_OF_A_TOOL } from "./hardSamples.ts";

const idAt = (index: number): string => sampleAt(index).id;

/** Probes the first rows: all fail but those that are named. */
function probe(run: MadeRun, step: number, rows: number, solved: readonly number[] = []): void {
  const [model] = groupAt(1, 0, 1, 40) as [RolloutRecord];
  const rollouts = Array.from({ length: rows }, (_, index) => ({
    ...model,
    group: index,
    sample: idAt(index),
    correct: solved.includes(index),
  }));
  run.writer.recordRollouts("probe", step, rollouts);
  const moment = step === 0 ? "before" : "between";
  const counts = { rows, hard: rows - solved.length, rollouts: 1, skipped: 0, drawn: rows, saved: 0 };
  const event: ProbeEvent = { step, moment, mode: "full", ...counts };
  const state = (index: number): string => (solved.includes(index) ? "retired" : "hard");
  run.writer.recordProbe(
    event,
    rollouts.map(({ sample, group }) => ({ sample, state: state(group) })),
  );
}

test("samples stand below their gold tools, the ones that failed most often first, each in its state", () => {
  using run = makeRun({ rows: 12 });
  probe(run, 0, 6);
  probe(run, 4, 5, [2]);
  run.writer.recordStates(4, [
    { sample: idAt(0), state: "hard-few-shots" },
    { sample: idAt(1), state: "hard-no-candidates" },
  ]);
  const edit = { step: 5, file: "a.replacement.json", reason: null, text: "{}" } as const;
  run.writer.recordEdits([
    { ...edit, sample: idAt(3), action: "exclude" },
    { ...edit, sample: idAt(4), action: "fewshot" },
    { ...edit, sample: idAt(1), action: "fewshot" },
    { ...edit, sample: idAt(1), action: "automatic" },
    { ...edit, sample: idAt(4), action: "refused", reason: "It calls no tool." },
  ]);
  run.writer.recordSampleState(5, { sample: idAt(4), state: "edited" });

  const { tools, hard, known, problem } = new HardSampleLists().list(run.folder);
  assert.deepEqual([hard, known, problem], [4, true, undefined], "neither the retired one nor the excluded one");
  const listed = tools.flatMap(({ samples }) => samples);
  const states = Object.fromEntries(listed.map(({ sample, state }) => [sample, state]));
  assert.deepEqual(states, {
    [idAt(0)]: "few-shots",
    [idAt(1)]: "no-candidates",
    [idAt(2)]: "retired",
    [idAt(3)]: "excluded",
    [idAt(4)]: "edited",
    [idAt(5)]: "hard",
  });
  for (const { tool, samples } of tools) {
    for (const { sample, query } of samples) {
      const index = Number(sample.slice(-4));
      assert.deepEqual([sampleAt(index).answer[0]?.name, sampleAt(index).query], [tool, query]);
    }
    const failed = samples.map((sample) => sample.failed);
    assert.deepEqual(
      failed,
      failed.toSorted((a, b) => b - a),
    );
  }
  const first = listed.find(({ sample }) => sample === idAt(0));
  assert.deepEqual([first?.failed, first?.probes], [2, 2]);
  assert.deepEqual(
    tools.map(({ tool }) => tool),
    ["get_weather", "set_alarm", "book_table", "send_message"],
  );
});

test("what a probe finds is listed before it is over", () => {
  using run = makeRun({ rows: 12 });
  assert.equal(new HardSampleLists().list(run.folder).known, false);
  run.writer.recordStates(0, [{ sample: idAt(3), state: "hard" }]);
  const { hard, known, tools } = new HardSampleLists().list(run.folder);
  assert.deepEqual([hard, known, tools[0]?.samples[0]?.probes], [1, true, 0]);
});

test("only the worst samples of a tool are listed, and the others are counted", () => {
  const rows = 5 * MOST_OF_A_TOOL;
  using run = makeRun({ rows });
  probe(run, 0, rows);
  const [worst] = new HardSampleLists().list(run.folder).tools;
  assert.equal(worst?.samples.length, MOST_OF_A_TOOL);
  assert.equal((worst?.hard ?? 0) - (worst?.samples.length ?? 0), worst?.more);
});

test("where the samples are no longer what the run read, the reason stands in for their tools", () => {
  using run = makeRun({ rows: 12 });
  probe(run, 0, 3);
  appendFileSync(run.samples, "\n");
  const { tools, problem } = new HardSampleLists().list(run.folder);
  assert.deepEqual(
    tools.map(({ tool, hard }) => [tool, hard]),
    [[null, 3]],
  );
  assert.match(problem ?? "", /has changed since the run read it/);
});

test("a sample's history is brief: tries of a round are one event, and so are draws of one kind", () => {
  using run = makeRun({ rows: 12 });
  probe(run, 0, 1);
  const choice = { sample: idAt(0), demonstrations: [], promptHash: "0", tokens: 9, dropped: 0, rollouts: 4 };
  run.writer.recordFewShots(0, 1, [
    { ...choice, attempt: 0, correct: 0, chosen: false },
    { ...choice, attempt: 1, correct: 3, chosen: true },
  ]);
  probe(run, 4, 1, [0]);
  assert.deepEqual(historyOf(run.folder, idAt(0)), [
    { what: "probe", step: 0, rollouts: 1, correct: 0 },
    { what: "few-shots", step: 0, round: 1, choices: 2, chosen: true, rollouts: 4, correct: 3 },
    { what: "probe", step: 4, rollouts: 1, correct: 1 },
    { what: "retired", step: 4 },
  ]);
});

test("a folder without a run is refused", () => {
  assert.throws(() => new HardSampleLists().list("no such run"), { name: "InputError" });
});
