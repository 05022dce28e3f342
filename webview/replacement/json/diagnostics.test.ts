import assert from "node:assert/strict";
import test from "node:test";
import { json } from "@codemirror/lang-json";
import { EditorState } from "@codemirror/state";
import fc from "fast-check";
import type { PlacedFault } from "../client/faults.ts";
import { diagnosticsOf } from "./diagnostics.ts";

const faultAt = (path: PlacedFault["path"], key = false): PlacedFault => ({
  path,
  key,
  sentence: "It is wrong.",
  severity: "error",
});

/** What is underlined for each fault in a text that was just opened. */
function underlined(text: string, faults: readonly PlacedFault[]): string[] {
  const state = EditorState.create({ doc: text, extensions: [json()] });
  return diagnosticsOf(state, faults).map(({ from, to }) => state.sliceDoc(from, to));
}

test("a fault is at its value, at its key, or at the bracket that something lacks behind", () => {
  const text = '{"room": "hall", "degrees": "warm", "at": [{"hour": 7}, {"hour": "x"}]}';
  const faults = [faultAt(["degrees"]), faultAt(["degrees"], true), faultAt(["at", 1, "hour"]), faultAt(["at"])];
  assert.deepEqual(underlined(text, faults), ['"warm"', '"degrees"', '"x"', "["]);
  assert.deepEqual(underlined(text, [faultAt(["nowhere"]), faultAt([])]), ["{", "{"]);
});

test("a fault stands where it is, however much stands before it", () => {
  const long = fc.record({
    before: fc.array(fc.string({ maxLength: 2000 }), { minLength: 1, maxLength: 20 }),
    after: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
    layout: fc.constantFrom(0, 2),
  });
  fc.assert(
    fc.property(long, ({ before, after, layout }) => {
      const text = JSON.stringify({ before, degrees: "warm", after }, null, layout);
      assert.deepEqual(underlined(text, [faultAt(["degrees"])]), ['"warm"']);
    }),
    { seed: 7, numRuns: 200 },
  );
  const megabyte = JSON.stringify({ before: "a ".repeat(500_000), degrees: "warm" });
  assert.deepEqual(underlined(megabyte, [faultAt(["degrees"])]), ['"warm"']);
});
