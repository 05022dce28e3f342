import assert from "node:assert/strict";
import test from "node:test";
import { positionOf } from "./rolloutTarget.ts";

test("a rollout is named by its place in the store, and by nothing less", () => {
  const at = { step: 3, phase: "train", group: 0, rollout: 2 } as const;
  assert.deepEqual(positionOf({ folder: "/runs/a", sample: "x", ...at }), at);
  for (const target of [
    undefined,
    "train",
    {},
    { ...at, step: -1 },
    { ...at, phase: "dream" },
    { ...at, rollout: "2" },
  ]) {
    assert.equal(positionOf(target), undefined, JSON.stringify(target));
  }
});
