import assert from "node:assert/strict";
import test from "node:test";
import { hammer } from "./hammer.ts";
import { Ref } from "./ref.ts";
import { callContents, sampleContents, standsAt } from "./testing/contents.ts";

const parameters = { city: { type: "str", required: true }, days: { type: "int" } };

test("A row with lists: calls under name and arguments, or under tool and parameters", () => {
  const record = {
    query: [
      { role: "user", content: "Weather?" },
      { role: "agent", content: "Where?" },
    ],
    tools: [{ name: "f", description: "", parameters, required: ["city"] }],
    answers: [
      { name: "f", arguments: { city: "Oslo" } },
      { tool: "f", parameters: { city: "Rome" } },
    ],
  };
  const [sample] = hammer.read(record, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(sample.gold?.map(callContents), [
    { name: "f", arguments: { city: "Oslo" } },
    { name: "f", arguments: { city: "Rome" } },
  ]);
  assert.deepEqual(
    sample.turns.map(({ role }) => role),
    ["user", "assistant"],
  );
  const [tool] = sample.offer.tools;
  assert.ok(tool !== undefined);
  assert.deepEqual(tool.parameters, {
    type: "object",
    properties: { city: { type: "str" }, days: { type: "int" } },
    required: ["city"],
  });
  assert.equal(standsAt(record, tool.schemaRef(["properties", "days", "type"])), "int");
  // Beside such a map it is in its place, so no rule may find it there.
  assert.equal(tool.written.required, undefined);
  const [, second] = sample.gold ?? [];
  assert.equal(second && standsAt(record, second.argumentsRef.at("city")), "Rome");
});

test("A prompt: tools between their headings, calls in a fence", () => {
  const tools = JSON.stringify([{ name: "f", description: 'Says "hi" [1].', parameters }]);
  const record = {
    instruction: `[BEGIN OF AVAILABLE TOOLS]\n${tools}\n[END OF AVAILABLE TOOLS]\n[BEGIN OF QUERY]\nHow warm?\n[END OF QUERY]`,
    input: "",
    output: '```\n[{"name": "f", "arguments": {"city": "Köln"}}]\n```',
  };
  const { samples, unreadable } = hammer.read(record, Ref.root);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(unreadable, []);
  assert.equal(sample.query, "How warm?");
  assert.equal(standsAt(record, sample.queryRef), "How warm?");
  const [call] = sample.gold ?? [];
  assert.equal(call && standsAt(record, call.argumentsRef.at("city")), "Köln");
  assert.equal(standsAt(record, sample.offer.tools[0]?.schemaRef(["properties", "city", "type"]) ?? Ref.root), "str");
  const [back] = hammer.read(hammer.writeSample?.(sample).value, Ref.root).samples;
  assert.deepEqual(back && sampleContents(back), sampleContents(sample));
});

test("A prompt whose list is cut off is told", () => {
  const record = { instruction: "[BEGIN OF AVAILABLE TOOLS]\n[{", input: "", output: "```\n[]\n```" };
  assert.equal(hammer.read(record, Ref.root).unreadable.length, 1);
});
