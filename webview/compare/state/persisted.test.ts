import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { namedRuns, restore } from "./persisted.ts";

const given = ["/a", "/b", "/c"].map((folder) => ({ folder, title: folder }));

test("the order of the runs comes back, the runs themselves are the panel's", () => {
  const kept = { runs: [{ folder: "/b" }, { folder: "/gone" }], source: "training", solvedBy: "second", smoothing: 0 };
  const { runs, ...others } = restore(kept, given);
  assert.deepEqual(
    runs.map(({ folder }) => folder),
    ["/b", "/a", "/c"],
  );
  const look = { smoothing: 0, table: false, published: false, category: null };
  assert.deepEqual(others, { source: "training", solvedBy: "second", ...look });
});

test("anything else is as at first", () => {
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      const { runs, smoothing } = restore(anything, given);
      assert.deepEqual(runs, given);
      assert.ok(smoothing >= 0 && smoothing < 1);
    }),
    { seed: 6 },
  );
  assert.deepEqual(namedRuns('[{"folder":"/a","title":"a"},3]'), [{ folder: "/a", title: "a" }]);
  assert.deepEqual(namedRuns(undefined), []);
});
