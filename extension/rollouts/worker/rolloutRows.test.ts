import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { RolloutRows } from "./rolloutRows.ts";
import { spliceInto } from "./spliceInto.ts";

const group = (step: number, marks: string): StoredGroup => ({
  step,
  phase: "train",
  group: 0,
  revision: step,
  sample: "s",
  marks,
  reward: 0,
  advantage: null,
  tools: [],
});

const correctOnly = ({ marks }: StoredGroup): number[] =>
  [...marks].flatMap((mark, rollout) => (mark === "c" ? [rollout] : []));

const flat = (groups: readonly StoredGroup[]): string[] =>
  groups.flatMap((one) => correctOnly(one).map((rollout) => `${one.step} ${rollout}`));

test("rows are the wanted completions of the groups in their order, whatever is spliced in and out", () => {
  const marks = fc.array(fc.constantFrom("c", "w"), { maxLength: 4 }).map((letters) => letters.join(""));
  const splice = fc.record({ at: fc.nat(), removed: fc.nat(3), marks: fc.array(marks, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 12 }), fc.array(splice, { maxLength: 5 }), (first, changes) => {
      let step = 0;
      const groups = first.map((letters) => group(++step, letters));
      const list = new RolloutRows(groups, correctOnly);
      const shown = flat(groups);
      for (const change of changes) {
        const at = change.at % (groups.length + 1);
        const removed = Math.min(change.removed, groups.length - at);
        const added = change.marks.map((letters) => group(++step, letters));
        groups.splice(at, removed, ...added);
        for (const one of list.apply([{ at, removed, groups: added }]))
          shown.splice(one.at, one.removed, ...one.rows.map(({ group: of, rollout }) => `${of.step} ${rollout}`));
        assert.deepEqual(shown, flat(groups));
        assert.equal(list.total, shown.length);
      }
      for (let start = 0; start <= shown.length; start++) {
        const page = list.rows(start, 3).map(({ group: of, rollout }) => `${of.step} ${rollout}`);
        assert.deepEqual(page, shown.slice(start, start + 3));
      }
      for (const [place, one] of groups.entries()) {
        for (const rollout of correctOnly(one)) {
          assert.equal(shown[list.placeOf(place, rollout)], `${one.step} ${rollout}`);
        }
      }
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("a list takes in more than a call takes arguments", () => {
  for (const count of [3, 150_000]) {
    const list = [1, 2, 3, 4];
    spliceInto(
      list,
      1,
      2,
      Array.from({ length: count }, () => 9),
    );
    assert.equal(list.length, count + 2);
    assert.deepEqual([list[0], list[1], list.at(-2), list.at(-1)], [1, 9, 9, 4]);
  }
});
