import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { restore } from "./persisted.ts";

test("what was kept comes back, and anything else is as at first", () => {
  const kept = {
    runFolder: "/old",
    title: "o",
    others: ["/b", 3, "/a"],
    smoothing: 0.9,
    table: true,
    published: true,
    category: "sum",
  };
  assert.deepEqual(restore(kept, "/a", "t"), {
    runFolder: "/a",
    title: "t",
    others: ["/b"],
    smoothing: 0.9,
    table: true,
    published: true,
    category: "sum",
  });
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      const { smoothing, runFolder } = restore(anything, "/a", "t");
      assert.ok(runFolder === "/a" && smoothing >= 0 && smoothing < 1);
    }),
    { seed: 5 },
  );
});
