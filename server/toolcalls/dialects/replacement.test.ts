import assert from "node:assert/strict";
import test from "node:test";
import { detectDialect } from "./index.ts";
import { callsOf } from "./model.ts";
import { Ref } from "./ref.ts";
import { replacement } from "./replacement.ts";

const call = { name: "get_time", arguments: { zone: "UTC" } };
const head = { sample: "a", row: "0".repeat(64), scope: "always" };
const fewshot = { ...head, action: "fewshot", demonstrations: [{ query: "Time?", thought: "Ask.", calls: [call] }] };

test("an edit is told from its neighbours, half written too", () => {
  for (const value of [fewshot, { ...head, action: "exclude" }, { sample: "a", action: "", scope: "" }])
    assert.equal(detectDialect([value])?.id, "replacement");
  const sample = { id: "a", query: "?", tools: ["get_time"], answer: [call], demonstrations: [] };
  for (const value of [
    sample,
    { sample: "a" },
    { messages: [], sample: "a" },
    { name: "x", preset: "grpo", train: "t" },
  ])
    assert.notEqual(detectDialect([value])?.id, "replacement");
});

test("demonstrations and gold calls are read, and which sample is edited", () => {
  const { samples, demonstrations, edited } = replacement.read(fewshot, Ref.root);
  assert.equal(edited?.id, "a");
  assert.deepEqual(demonstrations, []);
  const [shown] = samples[0]?.demonstrations ?? [];
  assert.ok(shown);
  assert.deepEqual(
    shown.turns.map(({ role, text }) => [role, text]),
    [
      ["user", "Time?"],
      ["assistant", "Ask."],
    ],
  );
  assert.deepEqual(
    callsOf(shown).map(({ name, argumentsRef }) => [name, argumentsRef.steps()]),
    [["get_time", ["demonstrations", 0, "calls", 0, "arguments"]]],
  );
  const fixed = replacement.read({ ...head, action: "fixGold", gold: [call, call] }, Ref.root);
  assert.deepEqual(
    fixed.samples[0]?.gold?.map(({ nameRef }) => nameRef.steps().join(".")),
    ["gold.0.name", "gold.1.name"],
  );
});
