import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { isCallList, pythonCall, readPythonCalls, unwritableNames } from "./pythonCalls.ts";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";

const read = (text: string) => readPythonCalls(text, Ref.root);
const callsIn = (text: string) => read(text).calls.map(callContents);

test("Calls in a list, with values of every kind", () => {
  assert.deepEqual(callsIn("[Fn(a='x', b=[1, -2.5], c={'k': None}), Fn2()]"), [
    { name: "Fn", arguments: { a: "x", b: [1, -2.5], c: { k: null } } },
    { name: "Fn2", arguments: {} },
  ]);
  assert.deepEqual(callsIn(" a.b.c(x=true, y=(1, 2)) "), [{ name: "a.b.c", arguments: { x: true, y: [1, 2] } }]);
  assert.deepEqual(callsIn("[]"), []);
});

test("Names that Python does not allow are read as they stand", () => {
  assert.deepEqual(callsIn("[Get Stock Price(from='A, b c(d', X-Key=1), 2nd/Call(class=None)]"), [
    { name: "Get Stock Price", arguments: { from: "A, b c(d", "X-Key": 1 } },
    { name: "2nd/Call", arguments: { class: null } },
  ]);
});

test("Every name and value has its place in the text", () => {
  const record = { value: '[A b(city="M\\u00fcnchen", days=[1, {"k": 2}]), C()]' };
  const {
    calls: [first, second],
  } = readPythonCalls(record.value, Ref.root.at("value"));
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(standsAt(record, first.nameRef), "A b");
  assert.equal(standsAt(record, first.ref), 'A b(city="M\\u00fcnchen", days=[1, {"k": 2}])');
  assert.equal(first.arguments.city, "München");
  const { argumentsRef } = first;
  assert.equal(standsAt(record, argumentsRef.at("city")), '"M\\u00fcnchen"');
  assert.equal(standsAt(record, argumentsRef.at("city").key), "city");
  assert.equal(standsAt(record, argumentsRef.at("days", 1, "k")), "2");
  assert.equal(standsAt(record, argumentsRef.at("days", 1, "k").key), '"k"');
  // Nowhere in the text, so the closest that is.
  assert.equal(standsAt(record, argumentsRef.at("days", 7)), '[1, {"k": 2}]');
  assert.equal(standsAt(record, second.nameRef), "C");
});

test("What is no call is told with its place, and what stands around it is read", () => {
  const record = { value: "[A(x=oops, y=1)] thanks" };
  const { calls, unreadable } = readPythonCalls(record.value, Ref.root.at("value"));
  assert.deepEqual(calls.map(callContents), [{ name: "A", arguments: { x: "oops", y: 1 } }]);
  assert.deepEqual(
    unreadable.map(({ ref }) => standsAt(record, ref)),
    [" thanks", "oops"],
  );
  for (const text of ["[A(x='a)]", "[A(x=1]", "[A x=1]", "A", "[1, 2]", "[A(**{'a': 1})]", "", "[A(x=f'{y}')]"])
    assert.ok(read(text).unreadable.length > 0, text);
});

test("An argument without a name keeps its call from being checked", () => {
  const [call] = read("sort('final_report.pdf')").calls;
  assert.deepEqual(call?.wanted, []);
});

test("A part of a text is read with places in the whole of it", () => {
  const record = "API-Request: [F(a=1)]";
  const [call] = readPythonCalls(record, Ref.root, { from: 12 }).calls;
  assert.ok(call !== undefined);
  assert.equal(standsAt(record, call.argumentsRef.at("a")), "1");
});

test("Long and hostile texts are refused or read, and never throw", () => {
  for (const text of ["[".repeat(100_000), `[A(${"[".repeat(500)}`, `[A(x=${"[".repeat(200)}${"]".repeat(200)})]`]) {
    assert.ok(read(text).unreadable.length > 0);
  }
  const pieces = fc.constantFrom(
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "A",
    "=",
    ",",
    "'",
    '"',
    "\\",
    "\n",
    " ",
    "#",
    "x",
    "*",
    "1",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (text) => {
      for (const { ref } of read(text.join("")).unreadable) ref.steps();
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("What is written as Python reads back the same", () => {
  const name = fc.stringMatching(/^[A-Za-z_][\w ./-]{0,8}\w$/);
  const value = fc.jsonValue({ maxDepth: 3 }).map((one): unknown => JSON.parse(JSON.stringify(one)));
  const values = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
  const call = fc.record({ name, arguments: values }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 3 }), (calls) => {
      assert.deepEqual(unwritableNames(calls), []);
      const { calls: back, unreadable } = read(`[${calls.map(pythonCall).join(", ")}]`);
      assert.deepEqual(unreadable, []);
      assert.deepEqual(back.map(callContents), calls);
    }),
    { seed: 5, numRuns: 300 },
  );
  assert.equal(unwritableNames([{ name: "a(b", arguments: { "'": 1 } }]).length, 2);
});

test("A list of calls is told from a sentence that mentions one", () => {
  assert.ok(isCallList(" [Get News(topic='a')]"));
  assert.ok(!isCallList("Use [1] (see below)."));
  assert.ok(!isCallList('[{"name": "f("}]'));
});

const ORACLE = fileURLToPath(new URL("../../../../shared/oracles/text-calls.jsonl", import.meta.url));

/** Where BFCL's reader takes a call inside a call apart, and where it reads none. */
const NESTED: ReadonlySet<string> = new Set(["text-0042"]);

test("Calls are read as BFCL's own reader reads them", {
  skip: !fs.existsSync(ORACLE) && "no recorded readings",
}, () => {
  const rows = fs
    .readFileSync(ORACLE, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  let compared = 0;
  for (const { id, completion, parsed } of rows) {
    const expected = parsed["bfcl.default_decode_ast_prompting"];
    if (!Array.isArray(expected) || NESTED.has(id)) continue;
    compared++;
    assert.deepEqual(
      callsIn(completion).map(({ name, arguments: values }) => ({ [name]: values })),
      expected,
      `${id}: ${completion}`,
    );
  }
  assert.ok(compared > 250);
});
