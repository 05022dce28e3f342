import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { readPythonCalls } from "../../toolcalls/dialects/pythonCalls.ts";
import { pythonText } from "../../toolcalls/dialects/pythonValue.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { applyEdits, changeValues, type RecordEdit, renameKey, replaceValue, sourceOf } from "./recordEdits.ts";

const atom = fc.oneof(fc.string({ unit: "grapheme", maxLength: 6 }), fc.integer(), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  atom,
  fc.array(atom, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("k", "it's", 'a "b"', "c\\d"), atom, { maxKeys: 3, noNullPrototype: true }),
);
const values = fc.dictionary(fc.constantFrom("a", "b", "c d", "é"), value, {
  minKeys: 1,
  maxKeys: 4,
  noNullPrototype: true,
});

interface Written {
  args: Record<string, unknown>;
  quote: "'" | '"';
  comma: string;
}
const written: fc.Arbitrary<Written> = fc.record({
  args: values,
  quote: fc.constantFrom("'", '"'),
  comma: fc.constantFrom(",", ", ", " ,\n  "),
});

/** A record with the call in a string of a string, beside another call. */
function record({ args, quote, comma }: Written): string {
  const list = Object.entries(args).map(([name, one]) => `${name}=${pythonText(one, quote)}`);
  return JSON.stringify({ outer: JSON.stringify({ text: `say: [f(${list.join(comma)}${comma}), g(x=1)]` }) });
}

const FROM = "say: ".length;

function read(text: string) {
  const outer: { outer: string } = JSON.parse(text);
  const inner: { text: string } = JSON.parse(outer.outer);
  const place = Ref.root.at("outer").text().at("text");
  const { calls, unreadable } = readPythonCalls(inner.text, place, { from: FROM });
  assert.deepEqual(unreadable, [], inner.text);
  const [first, second] = calls;
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(second.arguments, { x: 1 });
  return first;
}

function edited(one: Written, edit: (text: string, argumentsRef: Ref) => RecordEdit | undefined): unknown {
  const text = record(one);
  const made = edit(text, read(text).argumentsRef);
  assert.ok(made !== undefined);
  return read(applyEdits(text, [made])).arguments;
}

const always = { seed: 8, numRuns: 300 };
const nameOf = (args: object): string => Object.keys(args).at(-1) ?? "";

test("a value is written as Python, and read back as what it is", () => {
  fc.assert(
    fc.property(written, value, (one, wanted) => {
      const name = nameOf(one.args);
      const after = edited(one, (text, ref) => replaceValue(text, ref.at(name), JSON.stringify(wanted)));
      assert.deepEqual(after, { ...one.args, [name]: wanted });
      const text = record(one);
      const source = sourceOf(text, read(text).argumentsRef.at(name));
      assert.deepEqual(JSON.parse(source ?? ""), one.args[name]);
    }),
    always,
  );
});

test("arguments come, go and change their names, and the others stay", () => {
  fc.assert(
    fc.property(written, value, (one, wanted) => {
      const name = nameOf(one.args);
      const { [name]: _, ...others } = one.args;
      const added = edited(one, (text, ref) => changeValues(text, ref, [[["new"], wanted]]));
      assert.deepEqual(added, { ...one.args, new: wanted });
      const removed = edited(one, (text, ref) => changeValues(text, ref.at(name), [[[], undefined]]));
      assert.deepEqual(removed, others);
      const both = edited(one, (text, ref) =>
        changeValues(text, ref, [
          [[name], undefined],
          [["new"], wanted],
        ]),
      );
      assert.deepEqual(both, { ...others, new: wanted });
      const renamed = edited(one, (text, ref) => renameKey(text, ref.at(name), "other"));
      assert.deepEqual(renamed, { ...others, other: one.args[name] });
    }),
    always,
  );
});

test("members of a dictionary and items of a list are changed where they stand", () => {
  const one: Written = { args: { a: { k: [1, true], m: null } }, quote: "'", comma: "," };
  const at = (...path: (string | number)[]) => ({
    set: (json: string) => edited(one, (text, ref) => replaceValue(text, ref.at("a", ...path), json)),
    remove: () => edited(one, (text, ref) => changeValues(text, ref.at("a", ...path), [[[], undefined]])),
  });
  assert.deepEqual(at("k", 1).set("false"), { a: { k: [1, false], m: null } });
  assert.deepEqual(at("k", 0).remove(), { a: { k: [true], m: null } });
  assert.deepEqual(at("m").remove(), { a: { k: [1, true] } });
  const added = edited(one, (text, ref) => changeValues(text, ref.at("a"), [[["k", 2], "it's"]]));
  assert.deepEqual(added, { a: { k: [1, true, "it's"], m: null } });
  const renamed = edited(one, (text, ref) => renameKey(text, ref.at("a", "m"), 'say "hi"'));
  assert.deepEqual(renamed, { a: { k: [1, true], 'say "hi"': null } });
});

test("what is not in the text is not written over", () => {
  const text = record({ args: { a: [1] }, quote: "'", comma: "," });
  const { argumentsRef } = read(text);
  for (const ref of [argumentsRef.at("b"), argumentsRef.at("a", 4), argumentsRef.at("a", 0, "x")]) {
    assert.equal(replaceValue(text, ref, "1"), undefined);
    assert.equal(changeValues(text, ref, [[[], undefined]]), undefined);
    assert.equal(renameKey(text, ref, "x"), undefined);
    assert.equal(sourceOf(text, ref), undefined);
  }
  assert.equal(renameKey(text, argumentsRef.at("a"), "no=name"), undefined);
  assert.equal(changeValues(text, argumentsRef, [[["no(name"], 1]]), undefined);
});
