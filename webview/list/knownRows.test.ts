import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { GroupRow } from "../../schemas/rolloutView.ts";
import { KnownRows } from "./knownRows.ts";

const row = (step: number): GroupRow => ({
  step,
  phase: "train",
  group: 0,
  revision: step + 1,
  sample: "s",
  query: "",
  marks: "cw",
  reward: 0.5,
  advantage: [-1, 1],
  tools: [],
  goldTools: 0,
  put: null,
  state: "",
});

const place = fc.nat(40);
const action = fc.oneof(
  fc.record({ kind: fc.constant("splice" as const), at: place, removed: fc.nat(6), told: fc.nat(5), more: fc.nat(4) }),
  fc.record({ kind: fc.constant("page" as const), at: place, told: fc.nat(8) }),
  fc.record({ kind: fc.constant("only" as const), at: place, end: place }),
);

test("stretches know what a plain list with holes would know", () => {
  fc.assert(
    fc.property(fc.nat(30), fc.array(action, { maxLength: 30 }), (length, actions) => {
      let known = KnownRows.unknown<GroupRow>(length);
      const plain = new Array<GroupRow | undefined>(length).fill(undefined);
      let step = 0;
      for (const one of actions) {
        const at = Math.min(one.at, plain.length);
        if (one.kind === "only") {
          known = known.only(one.at, one.end);
          for (let index = 0; index < plain.length; index++) {
            if (index < one.at || index >= one.end) plain[index] = undefined;
          }
          continue;
        }
        const rows = Array.from({ length: one.told }, () => row(++step));
        if (one.kind === "splice") {
          const removed = Math.min(one.removed, plain.length - at);
          known = known.splice(at, removed, rows, one.more);
          plain.splice(at, removed, ...rows, ...new Array<undefined>(one.more).fill(undefined));
        } else {
          const fitting = rows.slice(0, plain.length - at);
          known = known.with(at, fitting);
          plain.splice(at, fitting.length, ...fitting);
        }
      }
      assert.deepEqual(
        plain.map((_, index) => known.at(index)),
        plain,
      );
      assert.equal(known.length, plain.length);
      assert.deepEqual(
        [...known],
        plain.filter((one) => one !== undefined),
      );
      for (const one of known)
        assert.equal(
          known.findIndex(({ step }) => step === one.step),
          plain.indexOf(one),
        );
      assert.equal(
        known.find(() => false),
        undefined,
      );
      assert.deepEqual([known.at(-1), known.at(plain.length)], [undefined, undefined]);
    }),
    { seed: 20261121, numRuns: 300 },
  );
});
