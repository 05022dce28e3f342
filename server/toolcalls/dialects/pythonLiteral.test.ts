import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { parseExactJson } from "../json.ts";
import { readPythonLiteral } from "./pythonLiteral.ts";
import { PythonBudget } from "./pythonSyntax.ts";
import { pythonText } from "./pythonValue.ts";
import { Ref } from "./ref.ts";
import { standsAt } from "./testing/contents.ts";

const valueOfText = (text: string): unknown => readPythonLiteral(text)?.value;

test("Literals as repr prints them", () => {
  assert.deepEqual(valueOfText("{'a': 'it\\'s', \"b\": [True, False, None], 3: (1, 2.5e3, -4)}"), {
    a: "it's",
    b: [true, false, null],
    3: [1, 2500, -4],
  });
  assert.equal(valueOfText("'\\x41\\u00e9\\U0001F600\\101\\n\\q'"), "Aé😀A\n\\q");
  assert.equal(valueOfText("'a' \"b\""), "ab");
  assert.equal(valueOfText("r'\\d'"), "\\d");
  assert.equal(valueOfText("'''it's'''"), "it's");
  assert.equal(valueOfText("0x1F"), 31);
  assert.equal(valueOfText("1_000.50"), 1000.5);
  assert.equal(valueOfText(".5"), 0.5);
  assert.deepEqual(valueOfText("[1, 2,]"), [1, 2]);
  assert.deepEqual(valueOfText("()"), []);
});

test("Integers that a double cannot hold stay exact", () => {
  assert.equal(
    JSON.stringify(valueOfText("[12345678901234567890, -9007199254740993]")),
    "[12345678901234567890,-9007199254740993]",
  );
});

test("What is no literal of JSON's kinds is none", () => {
  for (const text of [
    "",
    "{",
    "{'a': }",
    "[1 2]",
    "f(1)",
    "{1, 2}",
    "b'a'",
    "f'a'",
    "1j",
    "x",
    "'a",
    "[1 for x in y]",
    "~1",
  ])
    assert.equal(readPythonLiteral(text), undefined, text);
});

test("A literal in the midst of a text, with the places of its parts", () => {
  const record = { text: "Parameters: {'a': {'type': 'str'}} and so on" };
  const literal = readPythonLiteral(record.text, 12);
  assert.ok(literal !== undefined);
  assert.equal(record.text.slice(12, literal.end), "{'a': {'type': 'str'}}");
  const place = Ref.root.at("text").laidOut(literal.layout);
  assert.equal(standsAt(record, place.at("a", "type")), "'str'");
  assert.equal(standsAt(record, place.at("a").key), "'a'");
  assert.equal(standsAt(record, place.at("a", "type").key), "'type'");
});

test("Every JSON value reads back from what Python writes of it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain = parseExactJson(JSON.stringify(value));
      assert.deepEqual(valueOfText(pythonText(plain)), plain);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test("Deep, long and plentiful literals are refused", () => {
  assert.equal(readPythonLiteral(`${"[".repeat(120)}${"]".repeat(120)}`), undefined);
  assert.equal(readPythonLiteral(`[${"1,".repeat(20_000)}]`), undefined);
  const budget = new PythonBudget();
  const text = (index: number): string => `[${index}${",1".repeat(5_000)}]`;
  const read = Array.from({ length: 12 }, (_, index) => readPythonLiteral(text(index), 0, budget));
  assert.ok(read[0] !== undefined && read.at(-1) === undefined);
});
