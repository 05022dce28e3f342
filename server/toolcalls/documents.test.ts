import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { Type } from "@sinclair/typebox";
import { check } from "./check.ts";
import { readJson, readJsonLines } from "./documents.ts";
import { faultOf, folderWith } from "./testing/files.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "./testing/names.ts";

function jsonFault(t: TestContext, content: string | Uint8Array): string {
  const folder = folderWith(t, { "f.json": content });
  return faultOf(folder, () => readJson(join(folder, "f.json")));
}

test("gives the line and column of a key, an item and an absent path", (t) => {
  const folder = folderWith(t, { "f.json": '{\n  "a": [\n    1, {"b c": true}\n  ]\n}' });
  const file = join(folder, "f.json");
  const document = readJson(file);
  assert.deepEqual(document.value, { a: [1, { "b c": true }] });
  assert.deepEqual(document.locate([]), { file, line: 1, column: 1 });
  assert.deepEqual(document.locate(["a"]), { file, line: 2, column: 3, key: "a" });
  assert.deepEqual(document.locate(["a", 0]), { file, line: 3, column: 5, key: "a[0]" });
  assert.deepEqual(document.locate(["a", 1, "b c"]), { file, line: 3, column: 9, key: 'a[1]["b c"]' });
  assert.deepEqual(document.locate(["a", 7, "x"]), { file, line: 2, column: 3, key: "a[7].x" });
});

test("names each departure from strict JSON with its place", (t) => {
  assert.equal(jsonFault(t, '{\n  "a": 1,\n}'), "f.json:3:1: The comma before this } is one too many.");
  assert.equal(jsonFault(t, "[1, 2,]"), "f.json:1:7: The comma before this ] is one too many.");
  assert.equal(jsonFault(t, '{"a": 1 "b": 2}'), "f.json:1:9: A comma is missing before this.");
  assert.equal(jsonFault(t, '{"a" 1}'), "f.json:1:6: A colon is missing after the key.");
  assert.equal(jsonFault(t, '{"a": }'), "f.json:1:7: A value is missing here.");
  assert.equal(jsonFault(t, '{"a":'), "f.json:1:6: A value is missing at the end.");
  assert.equal(jsonFault(t, '{"a": 1'), "f.json:1:8: The closing } of an object is missing.");
  assert.equal(jsonFault(t, "[\n1"), "f.json:2:2: The closing ] of an array is missing.");
  assert.equal(jsonFault(t, '{"a": 1}\n{"a": 2}'), "f.json:2:1: There is text after the end of the JSON value.");
  assert.equal(jsonFault(t, "{'a': 1}"), "f.json:1:2: JSON needs double quotes around keys and strings.");
  assert.equal(jsonFault(t, '{"a": True}'), 'f.json:1:7: "True" is not JSON; a text needs double quotes.');
  assert.equal(jsonFault(t, '{"a": NaN}'), 'f.json:1:7: "NaN" is not JSON; a text needs double quotes.');
  assert.equal(jsonFault(t, '{"a": "x\n"}'), "f.json:1:7: This string is never closed.");
  assert.match(jsonFault(t, '{"a": "x\ty"}'), /^f\.json:1:7: A string may not hold a raw control character/);
  assert.match(jsonFault(t, '{"a": "C:\\d"}'), /^f\.json:1:7: This escape is not known/);
  assert.match(jsonFault(t, '// note\n{"a": 1}'), /^f\.json:1:1: JSON has no comments/);
  assert.match(jsonFault(t, '{"a": 01}'), /^f\.json:1:8: /);
  assert.equal(jsonFault(t, " \n"), "f.json: The file is empty.");
});

test("a key that appears twice is a fault, at any depth", (t) => {
  assert.equal(
    jsonFault(t, '{"a": {"b": 1,\n\n "b": 2}}'),
    'f.json:3:2 (a.b): The key "b" appears twice in one object, the first time 2 lines above; keep one of them.',
  );
  assert.match(jsonFault(t, '[{"__proto__": 1, "__proto__": 2}]'), /\(\[0\]\.__proto__\).*earlier on this line/);
  const folder = folderWith(t, { "f.json": '[{"a": 1}, {"a": {"a": 2}}]' });
  assert.deepEqual(readJson(join(folder, "f.json")).value, [{ a: 1 }, { a: { a: 2 } }]);
});

test("what cannot be read is said plainly", (t) => {
  const folder = folderWith(t, { "sub/f.json": "1" });
  assert.equal(
    faultOf(folder, () => readJson(join(folder, "none.json"))),
    "none.json: There is no such file.",
  );
  assert.match(
    faultOf(folder, () => readJson(join(folder, "sub"))),
    /^sub: This is a folder/,
  );
  assert.match(jsonFault(t, Buffer.from('{\n"a": "\xe9"}', "latin1")), /^f\.json:2: This line is not UTF-8 text/);
  assert.match(jsonFault(t, Buffer.from('\ufeff{"a": 1}', "utf16le")), /not UTF-8/);
  assert.match(jsonFault(t, "[".repeat(200_000)), /^f\.json:1:1: Arrays and objects are nested deeper than 100 levels/);
});

test("JSON lines: byte-order mark, CRLF and blank lines are fine; places carry the line of the file", (t) => {
  const folder = folderWith(t, { "f.jsonl": '\ufeff{"a": 1}\r\n\r\n  {"a": "\u2028"}\r\n' });
  const documents = readJsonLines(join(folder, "f.jsonl"));
  assert.deepEqual(
    documents.map(({ value }) => value),
    [{ a: 1 }, { a: "\u2028" }],
  );
  assert.deepEqual(documents[1]?.locate(["a"]), { file: join(folder, "f.jsonl"), line: 3, column: 4, key: "a" });
  const broken = folderWith(t, { "f.jsonl": '{"a": 1}\n{"a": 1},\n' });
  assert.equal(
    faultOf(broken, () => readJsonLines(join(broken, "f.jsonl"))),
    "f.jsonl:2:9: There is text after the end of the JSON value.",
  );
  assert.deepEqual(readJsonLines(join(folderWith(t, { "f.jsonl": "\n" }), "f.jsonl")), []);
});

test("large numbers are kept on request only", (t) => {
  const file = join(folderWith(t, { "f.jsonl": '{"id": 12345678901234567890}\n' }), "f.jsonl");
  assert.equal(JSON.stringify(readJsonLines(file)[0]?.value), '{"id":12345678901234567000}');
  assert.equal(JSON.stringify(readJsonLines(file, { exactNumbers: true })[0]?.value), '{"id":12345678901234567890}');
});

const Inner = Type.Object({ groupSize: Type.Integer({ minimum: 1, maximum: 9 }) }, { additionalProperties: false });
const Schema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z]+$" }),
    mode: Type.Optional(Type.Union([Type.Literal("fast"), Type.Literal("full")])),
    device: Type.Optional(Type.Unsafe<string>({ type: "string", enum: ["cpu", "gpu"] })),
    list: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    rate: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    sampling: Type.Optional(Inner),
  },
  { additionalProperties: false },
);

test("check returns the value, or names the first fault in plain words", (t) => {
  const fault = (content: string): string => {
    const folder = folderWith(t, { "f.json": content });
    return faultOf(folder, () => check(Schema, readJson(join(folder, "f.json"))));
  };
  const good = folderWith(t, { "f.json": '{"name": "x", "sampling": {"groupSize": 3}}' });
  assert.deepEqual(check(Schema, readJson(join(good, "f.json"))), { name: "x", sampling: { groupSize: 3 } });

  assert.equal(fault("{}"), 'f.json:1:1: The key "name" is missing.');
  assert.equal(fault('{"nmae": "x"}'), 'f.json:1:2 (nmae): "nmae" is not a known key here; did you mean "name"?');
  assert.equal(
    fault('{"name": "x",\n "sampling": {"groupSzie": 3}}'),
    'f.json:2:15 (sampling.groupSzie): "groupSzie" is not a known key here; did you mean "groupSize"?',
  );
  assert.equal(fault('{"name": "x", "zzz": 1}'), 'f.json:1:15 (zzz): "zzz" is not a known key here.');
  assert.match(fault('{"name": "x", "__proto__": 1}'), /"__proto__" is not a known key/);
  assert.equal(fault("[]"), "f.json:1:1: This must be an object, but it is an empty list.");
  assert.equal(fault('{"name": 3}'), "f.json:1:2 (name): This must be a text, but it is 3.");
  assert.equal(
    fault('{"name": "A"}'),
    'f.json:1:2 (name): This must be a text that matches ^[a-z]+$, but it is the text "A".',
  );
  assert.match(
    fault('{"name": "x", "mode": "slow"}'),
    /\(mode\): This must be one of "fast", "full", but it is the text "slow"\.$/,
  );
  assert.match(
    fault('{"name": "x", "device": null}'),
    /\(device\): This must be (a text|one of "cpu", "gpu"), but it is null\.$/,
  );
  assert.match(
    fault('{"name": "x", "list": []}'),
    /\(list\): This must be a list that is not empty, but it is an empty list\.$/,
  );
  assert.match(fault('{"name": "x", "list": ["a", ""]}'), /1:29 \(list\[1\]\): This must be a text that is not empty/);
  assert.match(fault('{"name": "x", "rate": 0}'), /\(rate\): This must be more than 0, but it is 0\.$/);
  const size = (value: string): string => fault(`{"name": "x", "sampling": {"groupSize": ${value}}}`);
  assert.match(size("0"), /\(sampling\.groupSize\): This must be 1 or more, but it is 0\.$/);
  assert.match(size("10"), /This must be 9 or less, but it is 10\.$/);
  assert.match(size("1.5"), /This must be a whole number, but it is 1\.5\.$/);
  assert.match(size('"8"'), /This must be a whole number, but it is the text "8"\.$/);
});

test("of several faults the first in the file is named", (t) => {
  const folder = folderWith(t, { "f.json": '{\n"sampling": {"groupSize": 0},\n"rate": 0,\n"name": 3}' });
  assert.match(
    faultOf(folder, () => check(Schema, readJson(join(folder, "f.json")))),
    /^f\.json:2:14 /,
  );
});

for (const bad of BAD_NAMES) {
  test(`a fault tells a key or a text inert and short: ${bad.what}`, (t) => {
    const told = (content: string): void => {
      const folder = folderWith(t, { "f.json": content });
      assertToldInertly(bad, () => check(Schema, readJson(join(folder, "f.json"))));
    };
    const name = JSON.stringify(bad.name);
    told(`{"name": "x", ${name}: 1}`);
    told(`{"name": "x", "sampling": {${name}: 1}}`);
    told(`{${name}: 1, ${name}: 2}`);
    told(`{"name": ${JSON.stringify(`A${bad.name}`)}}`);
    told(`{"name": "x", "mode": ${name}}`);
    told(`{"name": "x", "sampling": ${name}}`);
    const text = folderWith(t, { "f.json": `{"name": ${bad.name}}` });
    inertFaultOf(() => readJson(join(text, "f.json")));
  });
}
