import assert from "node:assert/strict";
import test from "node:test";
import { choiceNote } from "./choiceNotes.ts";

test("a run of episodes without choices says what to do, and no other run says anything", () => {
  const episodes = { heldOut: true, tools: [], otherTools: 0 };
  assert.equal(choiceNote({ episodes: null, state: "running" }), undefined);
  assert.equal(choiceNote({ episodes: { ...episodes, tools: ["add", null] }, state: "running" }), undefined);
  assert.match(choiceNote({ episodes, state: "running" }) ?? "", /when the first evaluation/);
  assert.match(choiceNote({ episodes, state: "stopped" }) ?? "", /Resume it/);
  assert.match(choiceNote({ episodes: { ...episodes, heldOut: false }, state: "finished" }) ?? "", /under heldOut/);
});
