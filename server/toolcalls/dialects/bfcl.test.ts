import assert from "node:assert/strict";
import test from "node:test";
import { bfcl } from "./bfcl.ts";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";

test("Answers of several turns are Python calls", () => {
  const record = { id: "multi_turn_base_0", ground_truth: [["cd(folder='a')", "ls(a=True)"], [], ["sort('b.txt')"]] };
  const { samples, unreadable } = bfcl.read(record, Ref.root);
  const gold = samples[0]?.gold ?? [];
  assert.deepEqual(unreadable, []);
  assert.deepEqual(gold.map(callContents), [
    { name: "cd", arguments: { folder: "a" } },
    { name: "ls", arguments: { a: true } },
    { name: "sort", arguments: {} },
  ]);
  const [cd, , sort] = gold;
  assert.equal(cd && standsAt(record, cd.argumentsRef.at("folder")), "'a'");
  assert.equal(cd?.alternatives, undefined);
  assert.deepEqual(sort?.wanted, []);
});

test("Answers of one turn are lists of allowed values", () => {
  const record = { id: "simple_0", ground_truth: [{ area: { base: [10], unit: ["units", ""] } }] };
  const [call] = bfcl.read(record, Ref.root).samples[0]?.gold ?? [];
  assert.ok(call !== undefined);
  assert.ok(call.alternatives);
  assert.equal(standsAt(record, call.argumentsRef.at("unit", 0)), "units");
});
