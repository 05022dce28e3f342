import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import test from "node:test";
import {
  type CurveCursor,
  type CurvePart,
  type CurvesHostMessage,
  type curveRequests,
  isCurvesHostMessage,
  MOST_STEPS,
} from "../../../schemas/curvesView.ts";
import { type MadeRun, makeRun, stepOf } from "../../rollouts/testing/madeRun.ts";
import { Asker } from "../../views/testing/asker.ts";
import { CurveSession } from "./session.ts";

const START: CurveCursor = { revision: 0, step: 0 };

class Asking extends Asker<typeof curveRequests, CurvesHostMessage, CurveSession> {
  constructor() {
    super(isCurvesHostMessage, (post) => new CurveSession(post));
  }

  read({ folder }: MadeRun, after = START): Promise<CurvePart> {
    return this.ask("read", { run: folder, after });
  }
}

const stepWith = (step: number, metrics: Record<string, number>) => ({ ...stepOf(step, 1, 2, 40), metrics });

test("all numbers first, then what was written since, then nothing", async () => {
  using run = makeRun();
  using view = new Asking();
  for (let step = 1; step <= 3; step++)
    run.writer.recordStep(stepWith(step, { loss: step, ...(step > 1 && { kl: 1 }) }));
  const first = await view.read(run);
  assert.deepEqual([first.from, first.steps, first.lastStep, first.more], [1, [1, 2, 3], 3, false]);
  assert.deepEqual(first.series, { loss: [1, 2, 3], kl: [null, 1, 1], milliseconds: [10, 10, 10] });
  assert.equal(first.state, "interrupted", "the record says it runs, and no server has it");
  run.writer.recordStep(stepWith(4, { loss: 4 }));
  const next = await view.read(run, first.cursor);
  assert.deepEqual([next.from, next.steps, next.series.loss], [4, [4], [4]]);
  const nothing = await view.read(run, next.cursor);
  assert.deepEqual([nothing.steps, nothing.series, nothing.cursor], [[], {}, next.cursor]);
});

test("steps that are replayed come again, with all that follow", async () => {
  using run = makeRun();
  using view = new Asking();
  for (let step = 1; step <= 5; step++) run.writer.recordStep(stepWith(step, { loss: step }));
  const { cursor } = await view.read(run);
  run.writer.recordStep(stepWith(3, { loss: 30 }));
  const { from, series } = await view.read(run, cursor);
  assert.deepEqual([from, series.loss], [3, [30, 4, 5]]);
});

test("many steps come in parts", async () => {
  using run = makeRun();
  using view = new Asking();
  const last = MOST_STEPS + 3;
  for (let step = 1; step <= last; step++) {
    run.writer.recordStep({ step, metrics: { loss: step }, timings: {}, rollouts: [] });
  }
  const first = await view.read(run);
  assert.deepEqual([first.steps.length, first.more], [MOST_STEPS, true]);
  const second = await view.read(run, first.cursor);
  assert.deepEqual([second.steps, second.more], [[last - 2, last - 1, last], false]);
});

test("a run without a store is empty, and one that is gone is one sentence", async () => {
  using run = makeRun();
  using view = new Asking();
  run.writer.recordStep(stepWith(1, { loss: 1 }));
  const { cursor } = await view.read(run);
  run.close();
  renameSync(run.folder, `${run.folder}-away`);
  const refusal = await view.answer("read", { run: run.folder, after: cursor });
  assert.ok(refusal.kind === "refusal");
  assert.match(refusal.message, /run\.json|no longer there/);
  renameSync(`${run.folder}-away`, run.folder);
  assert.equal((await view.read(run, cursor)).lastStep, 1, "it is read again when it is back");
});

test("another store in the place of the old one is read from its beginning", async () => {
  using long = makeRun();
  using short = makeRun();
  using view = new Asking();
  for (let step = 1; step <= 6; step++) long.writer.recordStep(stepWith(step, { loss: step }));
  short.writer.recordStep(stepWith(1, { loss: 7 }));
  const { cursor } = await view.read(long);
  const { from, series } = await view.read(short, cursor);
  assert.deepEqual([from, series.loss], [0, [7]]);
});
