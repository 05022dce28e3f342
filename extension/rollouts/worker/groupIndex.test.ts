import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { keyOf } from "../../../schemas/rolloutView.ts";
import { GroupReader } from "../../../server/store/groupReader.ts";
import { groupAt, makeRun, stepOf } from "../testing/madeRun.ts";
import { GroupIndex } from "./groupIndex.ts";
import { orderOf } from "./ordering.ts";

const written = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("step" as const),
      step: fc.integer({ min: 1, max: 4 }),
      groups: fc.integer({ min: 1, max: 4 }),
    }),
  },
  fc.record({
    kind: fc.constantFrom("probe" as const, "evaluation" as const),
    step: fc.integer({ min: 1, max: 4 }),
    group: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant("look" as const),
    most: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  }),
);

test("what is read piece by piece, replays with fewer groups among it, is what the store holds as a whole", () => {
  fc.assert(
    fc.property(fc.array(written, { minLength: 2, maxLength: 12 }), (actions) => {
      using run = makeRun();
      using reader = new GroupReader(run.folder);
      const index = new GroupIndex();
      for (const action of actions) {
        if (action.kind === "step") run.writer.recordStep(stepOf(action.step, action.groups, 2, 40));
        else if (action.kind !== "look")
          run.writer.recordRollouts(action.kind, action.step, groupAt(action.step, action.group, 1, 40));
        else index.update(reader, action.most);
      }
      index.update(reader);
      const stored = reader.since(0);
      const byKey = (groups: Iterable<(typeof stored)[number]>) =>
        [...groups].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      assert.deepEqual(byKey(index.values()), byKey(stored));
      assert.equal(index.size, stored.length);
      assert.equal(
        index.rollouts,
        stored.reduce((sum, { marks }) => sum + marks.length, 0),
      );
      assert.deepEqual([...index.tools].sort(), [...new Set(stored.flatMap(({ tools }) => tools))].sort());
      for (const group of stored) assert.deepEqual(index.get(group), group);
      // What a list begins with can be had without all that.
      assert.deepEqual(reader.sizes(), { groups: index.size, rollouts: index.rollouts });
      const newest = orderOf("newest").arrange([...index.values()]);
      for (const count of [0, 3, 100]) assert.deepEqual(reader.newest(count), newest.slice(0, count));
    }),
    { seed: 20261121, numRuns: 30 },
  );
});
