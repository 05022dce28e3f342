import assert from "node:assert/strict";
import test from "node:test";
import { episodesOf, isFile, keyOf, nameOf } from "./shownEpisodes.ts";

test("a panel that the editor brings back knows whether it showed a run or a file", () => {
  const run = episodesOf({ runFolder: "/runs/1", title: "sums", query: {} });
  assert.deepEqual(run, { folder: "/runs/1", title: "sums" });
  const file = episodesOf({ file: "/a/b.trajectories.jsonl", title: "anything" });
  assert.ok(run && file && !isFile(run) && isFile(file));
  assert.deepEqual([run, file].map(nameOf), ["sums", "b.trajectories.jsonl"]);
  assert.deepEqual([run, file].map(keyOf), ["/runs/1", "/a/b.trajectories.jsonl"]);
});

test("what names neither shows nothing", () => {
  for (const state of [undefined, null, 7, {}, { file: "" }, { file: 5 }, { runFolder: "" }])
    assert.equal(episodesOf(state), undefined);
});
