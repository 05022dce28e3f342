import assert from "node:assert/strict";
import test from "node:test";
import { FIRST_VIEW, type KeptView } from "../../schemas/rolloutView.ts";
import { KeptViews } from "./keptViews.ts";
import { Memory } from "./testing/memory.ts";

const view = (turn: number): KeptView => ({
  ...FIRST_VIEW,
  turn,
  selected: { step: 1, phase: "train", group: 2 },
  detail: true,
});

test("each run's view is remembered, the latest way it was left", async () => {
  const views = new KeptViews(new Memory());
  await views.keep("/a", view(1));
  await views.keep("/b", view(7));
  await views.keep("/a", view(2));
  assert.deepEqual([views.get("/a"), views.get("/b"), views.get("/c")], [view(2), view(7), undefined]);
});

test("only the latest runs are remembered", async () => {
  const views = new KeptViews(new Memory());
  for (let run = 0; run < 60; run++) await views.keep(`/${run}`, view(run));
  assert.equal(views.get("/9"), undefined);
  assert.deepEqual(views.get("/10"), view(10));
});

for (const kept of [undefined, 3, [1, ["/a"], ["/a", { turn: -1 }]], { "/a": view(1) }]) {
  test(`what an older version kept does no harm: ${JSON.stringify(kept)}`, async () => {
    const views = new KeptViews(new Memory(kept));
    assert.equal(views.get("/a"), undefined);
    await views.keep("/a", view(1));
    assert.deepEqual(views.get("/a"), view(1));
  });
}
