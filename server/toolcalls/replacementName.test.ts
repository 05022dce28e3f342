import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { replacementFileName } from "./replacementName.ts";

test("a file's name can be read, and ids that look alike have different ones", () => {
  assert.match(replacementFileName("train-17"), /^train-17-[0-9a-f]{8}\.replacement\.json$/);
  assert.match(replacementFileName("Größe: 3/4"), /^Gro-e-3-4-[0-9a-f]{8}\.replacement\.json$/);
  assert.match(replacementFileName("../../etc/passwd"), /^etc-passwd-[0-9a-f]{8}\.replacement\.json$/);
  assert.match(replacementFileName("天气"), /^[0-9a-f]{8}\.replacement\.json$/);
  assert.notEqual(replacementFileName("a/b").toLowerCase(), replacementFileName("a:b").toLowerCase());
  assert.notEqual(replacementFileName("A").toLowerCase(), replacementFileName("a").toLowerCase());
});

test("every id has a name that every file system takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (id) => {
      const name = replacementFileName(id);
      assert.match(name, /^[A-Za-z0-9_][A-Za-z0-9._-]*\.replacement\.json$/);
      assert.ok(name.length <= 100);
      assert.equal(name, replacementFileName(id));
    }),
    { seed: 5, numRuns: 500 },
  );
});
