import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { afterEach, beforeEach } from "node:test";
import fc from "fast-check";
import { openForWriting, STORE_FILE } from "./database.ts";
import { ListReader, type PartCondition } from "./listReader.ts";
import { makeOlder } from "./testing/older.ts";
import { rolloutAt, stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lists-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const parts = fc.dictionary(
  fc.constantFrom("format", "a part", "length.ratio"),
  fc.constantFrom(-1, 0, 0.5, 1, Number.NaN),
);
const condition = fc.record({
  name: fc.constantFrom("format", "a part", "length.ratio", "absent"),
  side: fc.constantFrom("below" as const, "atLeast" as const),
  value: fc.constantFrom(-1, 0, 0.25, 1, 2),
});

/** Rollouts by group, as a look at every rollout finds them. */
function scanned(reader: ListReader, wanted: PartCondition): string[] {
  const found = reader.withPart(wanted, 1, reader.lastRow());
  return found.map(({ step, phase, group, rollouts }) => `${step} ${phase} ${group} ${rollouts[0]}`).sort();
}

const flat = (reader: ListReader, wanted: PartCondition): string[] =>
  reader
    .groupsWithPart(wanted, true)
    .flatMap(({ step, phase, group, rollouts }) => rollouts.map((rollout) => `${step} ${phase} ${group} ${rollout}`))
    .sort();

test("the parts that are kept of groups say what the parts of their rollouts say, replays and pieces included", () => {
  fc.assert(
    fc.property(fc.array(parts, { minLength: 12, maxLength: 12 }), condition, (all, wanted) => {
      rmSync(join(dir, STORE_FILE), { force: true });
      using writer = RunWriter.open(dir);
      const withParts = (step: number, groups: number) => {
        const made = stepAt(step, groups, 3);
        const rollouts = made.rollouts.map((record, at) => ({ ...record, parts: all[(at + step) % 12] ?? {} }));
        return { ...made, rollouts };
      };
      writer.recordStep(withParts(1, 2));
      writer.recordStep(withParts(2, 3));
      writer.recordStep(withParts(2, 1));
      writer.recordRollouts("probe", 2, [{ ...rolloutAt(2, 0, 0), parts: all[3] ?? {} }]);
      writer.recordRollouts("probe", 2, [{ ...rolloutAt(2, 0, 1), parts: all[4] ?? {} }]);
      using reader = new ListReader(dir);
      assert.ok(reader.hasParts);
      assert.deepEqual(flat(reader, wanted), scanned(reader, wanted));
      const groups = (found: readonly { step: number; phase: string; group: number }[]) => [
        ...new Set(found.map(({ step, phase, group }) => `${step} ${phase} ${group}`)),
      ];
      assert.deepEqual(
        groups(reader.groupsWithPart(wanted, false)).sort(),
        groups(reader.withPart(wanted, 1, reader.lastRow())).sort(),
      );
    }),
    { seed: 20261121, numRuns: 60 },
  );
});

test("a store from before the parts were kept is read without them, and gets them when it is opened for writing", () => {
  {
    using writer = RunWriter.open(dir);
    for (const step of [1, 2]) writer.recordStep(stepAt(step));
  }
  const file = join(dir, STORE_FILE);
  const wanted = { name: "format", side: "below", value: 0.5 } as const;
  const rows = () => {
    using database = new DatabaseSync(file, { readOnly: true });
    return database.prepare("SELECT * FROM group_parts").all();
  };
  const made = rows();
  assert.ok(made.length > 0);
  makeOlder(file, 3);
  let before: string[];
  {
    using reader = new ListReader(dir);
    assert.ok(!reader.hasParts);
    before = scanned(reader, wanted);
    assert.ok(before.length > 0);
  }
  openForWriting(file).close();
  assert.deepEqual(rows(), made);
  using reader = new ListReader(dir);
  assert.deepEqual(flat(reader, wanted), before);
});
