import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { Sample } from "../../schemas/samples.ts";
import { follows } from "./check.ts";
import { parseExactJson } from "./json.ts";
import { rowHash } from "./rowHash.ts";

function hashOf(text: string): string {
  const row = parseExactJson(text);
  assert.ok(follows(Sample, row));
  return rowHash(row);
}

const row = '{"id":"a","query":"q","tools":["t"],"answer":[{"name":"t","arguments":{"x":1,"y":[true,"é"]}}]}';

test("how a row is written does not count", () => {
  const other =
    '{ "answer": [{"arguments": {"y": [true, "\\u00e9"], "x": 1.0}, "name": "t"}], "tools": ["t"], "query": "q", "id": "a" }';
  assert.match(hashOf(row), /^[0-9a-f]{64}$/);
  assert.equal(hashOf(other), hashOf(row));
});

test("every value of a row counts, neighbouring integers above 2^53 too", () => {
  const variants = [
    row,
    row.replace('"q"', '"Q"'),
    row.replace('"x":1', '"x":"1"'),
    row.replace('"x":1', '"x":9007199254740993'),
    row.replace('"x":1', '"x":9007199254740992'),
    row.replace('"answer"', '"category":"single","answer"'),
    row.replace('[true,"é"]', '["é",true]'),
  ];
  assert.equal(new Set(variants.map(hashOf)).size, variants.length);
});

test("the hash of a row stays what it is, since it is written into files", () => {
  const canonical = '{"answer":[{"arguments":{"x":1,"y":[true,"é"]},"name":"t"}],"id":"a","query":"q","tools":["t"]}';
  assert.equal(hashOf(row), createHash("sha256").update(canonical).digest("hex"));
});
