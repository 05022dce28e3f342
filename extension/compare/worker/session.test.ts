import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import test from "node:test";
import {
  type CompareHostMessage,
  type compareRequests,
  isCompareHostMessage,
  type Overview,
  type SamplesPage,
  type SamplesParams,
} from "../../../schemas/compareView.ts";
import { readRunRecord as recordOf, updateRunRecord } from "../../../server/store/runFolder.ts";
import { evaluated, type Solves } from "../../rollouts/testing/evaluated.ts";
import { type MadeRun, makeRun, stepOf } from "../../rollouts/testing/madeRun.ts";
import { Asker } from "../../views/testing/asker.ts";
import { CompareSession } from "./session.ts";

const allHeldOut = { source: "heldOut", solvedBy: "any", start: 0, count: 500 } as const;

class Asking extends Asker<typeof compareRequests, CompareHostMessage, CompareSession> {
  constructor() {
    super(isCompareHostMessage, (post) => new CompareSession(post));
  }

  overview(...runs: MadeRun[]): Promise<Overview> {
    return this.ask("overview", { runs: runs.map(({ folder }) => folder) });
  }

  samples([first, second]: readonly [MadeRun, MadeRun], changes: Partial<SamplesParams>): Promise<SamplesPage> {
    return this.ask("samples", { ...allHeldOut, ...changes, runs: [first.folder, second.folder] });
  }
}

const every =
  (n: number): Solves =>
  (row) =>
    row % n === 0;

test("the difference is taken row by row, and the rows behind it come in pages", async () => {
  using first = makeRun();
  using second = makeRun();
  using view = new Asking();
  evaluated(first, { step: 5, rows: 60, solves: every(2) });
  evaluated(second, { step: 9, rows: 60, solves: every(3) });
  const { runs, heldOut } = await view.overview(first, second);
  assert.deepEqual(
    runs.map((run) => [run.heldOut.newest?.step, run.heldOut.newest?.accuracy.correct]),
    [
      [5, 30],
      [9, 20],
    ],
  );
  const { rows, both, onlyFirst, onlySecond, neither, difference } = heldOut[1]?.paired ?? assert.fail();
  assert.deepEqual([rows, both, onlyFirst, onlySecond, neither], [60, 10, 20, 10, 20]);
  assert.ok(Math.abs(difference + 1 / 6) < 1e-12);
  assert.equal(heldOut[1]?.note, null);

  const pair = [first, second] as const;
  const all = await view.samples(pair, {});
  assert.deepEqual([all.total, all.rows.length, all.steps], [30, 30, [5, 9]]);
  const wrong = { correct: 0, rollouts: 1, mark: "w" };
  const right = { correct: 1, rollouts: 1, mark: "c" };
  assert.deepEqual(all.rows[0], { sample: "row-0002", query: "", first: right, second: wrong });
  assert.deepEqual((await view.samples(pair, { start: 28, count: 10 })).rows, all.rows.slice(28));
  assert.equal((await view.samples(pair, { solvedBy: "first" })).total, onlyFirst);
  const ofSecond = await view.samples(pair, { solvedBy: "second" });
  assert.deepEqual([ofSecond.total, ofSecond.rows[0]?.sample], [onlySecond, "row-0003"]);
});

test("only rows that both were asked count, and what spoils the pairing is said", async () => {
  using first = makeRun();
  using second = makeRun({ rows: 41 });
  using view = new Asking();
  evaluated(first, { step: 5, rows: 60, solves: every(2) });
  evaluated(second, { step: 5, rows: 20, solves: every(2) });
  for (const { folder, samples } of [first, second]) {
    const record = recordOf(folder);
    updateRunRecord(folder, { experiment: { ...record.experiment, heldOut: samples } });
  }
  const { note, paired } = (await view.overview(first, second)).heldOut[1] ?? assert.fail();
  assert.equal(paired?.rows, 20);
  assert.match(note ?? "", /the first run was asked 60, this one 20.*The files of the rows differ/s);
  assert.equal((await view.samples([first, second], {})).total, 0);
  assert.equal((await view.samples([first, first], {})).steps[0], 5);
});

test("training rows are compared by the newest probe that asked all of them", async () => {
  using first = makeRun();
  using second = makeRun();
  using view = new Asking();
  for (const [run, solves] of [
    [first, every(2)],
    [second, every(4)],
  ] as const) {
    evaluated(run, { step: 0, rows: 40, solves, probe: "full", rollouts: 4 });
    evaluated(run, { step: 3, rows: 10, solves: () => false, probe: "fast", rollouts: 4 });
  }
  const { runs, training, heldOut } = await view.overview(first, second);
  assert.deepEqual(runs[0]?.probed, { step: 0, moment: "before", rows: 40, hard: 20 });
  assert.deepEqual([training[1]?.paired?.onlyFirst, training[1]?.paired?.onlySecond], [10, 0]);
  assert.match(heldOut[1]?.note ?? "", /Neither run has an evaluation/);
  const { rows } = await view.samples([first, second], { source: "training", count: 1 });
  assert.deepEqual(rows, [
    {
      sample: "row-0002",
      query: "Request 2 about Kyoto.",
      first: { correct: 1, rollouts: 4, mark: null },
      second: { correct: 0, rollouts: 4, mark: null },
    },
  ]);
});

test("the configuration shows what differs, with what the preset says marked", async () => {
  using first = makeRun();
  using second = makeRun();
  using view = new Asking();
  const { experiment } = recordOf(second.folder);
  const objective = { ...experiment.settings.objective, beta: 0.5 };
  updateRunRecord(second.folder, {
    experiment: { ...experiment, seed: 7, scale: "paper", settings: { ...experiment.settings, objective } },
  });
  const { configuration, equal } = await view.overview(first, second);
  const plainRow = (text: string) => ({ text, standard: false });
  assert.deepEqual(configuration, [
    { key: "scale", values: [plainRow("micro"), plainRow("paper")] },
    { key: "seed", values: [plainRow("0"), plainRow("7")] },
    // Written by hand, beta of the first run is not that of its scale either.
    { key: "settings.objective.beta", values: [plainRow("0.001"), plainRow("0.5")] },
  ]);
  assert.ok(equal > 60, `${equal}`);
  updateRunRecord(first.folder, { experiment: { ...recordOf(first.folder).experiment, scale: "paper" } });
  const row = (await view.overview(first, second)).configuration.find(({ key }) => key === "settings.objective.beta");
  assert.deepEqual(row?.values[0], { text: "0.001", standard: true });
});

test("a run that is gone says so in its place, and the others are compared", async () => {
  using first = makeRun();
  using gone = makeRun();
  using third = makeRun();
  using view = new Asking();
  for (const run of [first, gone, third]) evaluated(run, { step: 1, rows: 10, solves: every(2) });
  await view.overview(first, gone, third);
  gone.close();
  renameSync(gone.folder, `${gone.folder}-away`);
  const { runs, heldOut } = await view.overview(first, gone, third);
  assert.match(runs[1]?.problem ?? "", /run\.json|no longer there/);
  assert.equal(runs[2]?.problem, null);
  assert.deepEqual([heldOut[1]?.paired, heldOut[2]?.paired?.rows], [null, 10]);
  const message = await view.answer("samples", { ...allHeldOut, runs: [first.folder, gone.folder] });
  assert.ok(message.kind === "refusal");
  assert.match(message.message, /no longer there|not there|deleted/);
  renameSync(`${gone.folder}-away`, gone.folder);
  assert.equal((await view.overview(first, gone, third)).heldOut[1]?.paired?.rows, 10);
});

test("what is written meanwhile is seen, and curves are answered as the view of curves has them", async () => {
  using first = makeRun();
  using second = makeRun();
  using view = new Asking();
  evaluated(first, { step: 1, rows: 10, solves: every(2) });
  assert.match((await view.overview(first, second)).heldOut[1]?.note ?? "", /This run does not have an evaluation/);
  evaluated(second, { step: 1, rows: 10, solves: every(2) });
  assert.equal((await view.overview(first, second)).heldOut[1]?.paired?.p, 1);
  second.writer.recordStep(stepOf(1, 1, 2, 40));
  const { series } = await view.ask("read", { run: second.folder, after: { revision: 0, step: 0 } });
  assert.deepEqual(series.loss, [1]);
});
