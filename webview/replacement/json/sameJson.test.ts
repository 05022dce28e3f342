import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { sameJson } from "./sameJson.ts";

test("layout makes no difference, and everything else does", () => {
  const two = fc.record({ value: fc.jsonValue(), other: fc.jsonValue() });
  fc.assert(
    fc.property(two, ({ value, other }) => {
      assert.ok(sameJson(JSON.stringify(value), JSON.stringify(value, null, 3)));
      const same = JSON.stringify(value) === JSON.stringify(other);
      assert.equal(sameJson(JSON.stringify(value, null, 2), JSON.stringify(other)), same);
    }),
    { seed: 2, numRuns: 1000 },
  );
  assert.ok(!sameJson('{"a": " b"}', '{"a": "b"}'));
  assert.ok(!sameJson('{"a": 1.0}', '{"a": 1}'));
});
