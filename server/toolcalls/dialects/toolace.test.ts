import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";
import { toolace } from "./toolace.ts";

const tools = [
  {
    name: "Market Trends API",
    description: "Trends.",
    parameters: { type: "dict", properties: { country: { type: "string" } }, required: ["country"] },
    required: null,
  },
];
const record = {
  system: `You can invoke these:\n${JSON.stringify(tools)}. \nUse [func1(a=b), func2(c)].`,
  conversations: [
    { from: "user", value: "What moves?" },
    { from: "assistant", value: '[Market Trends API(country="us"), Market Trends API(country=\'d"e\')]' },
    { from: "tool", value: "[{}]" },
    { from: "assistant", value: "Nothing (yet)." },
  ],
};

test("Tools of the system text and calls of the assistant's, with their places", () => {
  const { samples, unreadable } = toolace.read(record, Ref.root);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(unreadable, []);
  assert.deepEqual(sample.offer.tools[0]?.parameters, tools[0]?.parameters);
  assert.equal(standsAt(record, sample.offer.tools[0]?.schemaRef(["type"]) ?? Ref.root), "dict");
  const calls = sample.turns.flatMap((turn) => turn.calls);
  assert.deepEqual(calls.map(callContents), [
    { name: "Market Trends API", arguments: { country: "us" } },
    { name: "Market Trends API", arguments: { country: 'd"e' } },
  ]);
  const [first] = calls;
  assert.equal(first && standsAt(record, first.argumentsRef.at("country")), '"us"');
  assert.equal(first && standsAt(record, first.nameRef), "Market Trends API");
  assert.deepEqual(sample.turns.map(({ role, text }) => [role, text]).slice(2), [
    ["assistant", ""],
    ["tool", "[{}]"],
    ["assistant", "Nothing (yet)."],
  ]);
});

test("Calls that cannot be read are told", () => {
  const broken = { conversations: [{ from: "assistant", value: "[F(a='x]" }] };
  assert.ok(toolace.read(broken, Ref.root).unreadable.length > 0);
});

test("What cannot be written is said", () => {
  const [sample] = toolace.read(record, Ref.root).samples;
  assert.ok(sample !== undefined);
  assert.deepEqual(toolace.writeSample?.(sample).lost, []);
  const call = { ...sample.turns[2]?.calls[0], name: "a(b", arguments: {} };
  const { lost } = toolace.writeCall?.(call as never) ?? { lost: [] };
  assert.deepEqual(lost, ['The name "a(b" cannot be written in a Python call.']);
});
