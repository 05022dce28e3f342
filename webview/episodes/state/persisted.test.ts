import assert from "node:assert/strict";
import test from "node:test";
import { EVERY_EPISODE } from "../../../schemas/episodesView.ts";
import { type Persisted, restore } from "./persisted.ts";

const shown = { file: "/a.trajectories.jsonl", title: "a" };
const first: Persisted = {
  ...shown,
  query: EVERY_EPISODE,
  anchor: null,
  selected: null,
  detail: false,
  turn: 0,
  unfolded: false,
};

test("a view comes back as it was left", () => {
  const key = { step: 50, phase: "played", question: "q", episode: 1 } as const;
  const left: Persisted = {
    ...first,
    query: { ...EVERY_EPISODE, tool: { is: "called", name: "add" }, from: { step: 50 } },
    anchor: key,
    selected: key,
    detail: true,
    turn: 3,
    unfolded: true,
  };
  assert.deepEqual(restore(JSON.parse(JSON.stringify(left)), shown), left);
});

for (const kept of [undefined, 7, { query: { text: 5 }, selected: { step: -1 }, turn: "2", detail: 1 }]) {
  test(`what an older version kept does no harm: ${JSON.stringify(kept)}`, () => {
    assert.deepEqual(restore(kept, shown), first);
  });
}

test("what is shown is the panel's, whatever was kept", () => {
  assert.equal(restore({ ...first, file: "/other" }, shown).file, shown.file);
});
