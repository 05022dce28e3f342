import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";
import { xlam } from "./xlam.ts";

const tools = [
  {
    name: "search",
    description: "Searches.",
    parameters: {
      query: { type: "str", description: "What for." },
      limit: { type: "int, optional", description: "At most." },
      page: { type: "int", description: "Which.", default: 1 },
    },
  },
];
const record = {
  id: 7,
  query: 'Find "it".',
  tools: JSON.stringify(tools),
  answers: JSON.stringify([{ name: "search", arguments: { query: 'a "b"', limit: 3 } }]),
};

test("Tools and answers are read out of their strings, with places inside them", () => {
  const { samples, unreadable } = xlam.read(record, Ref.root);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  const [tool] = sample.offer.tools;
  const [call] = sample.gold ?? [];
  assert.ok(tool !== undefined && call !== undefined);
  assert.deepEqual(unreadable, []);
  assert.equal(sample.id, "7");
  assert.deepEqual(callContents(call), { name: "search", arguments: { query: 'a "b"', limit: 3 } });
  assert.equal(standsAt(record, call.argumentsRef.at("query")), 'a "b"');
  assert.equal(standsAt(record, tool.nameRef), "search");
  assert.equal(standsAt(record, tool.schemaRef(["properties", "limit", "type"])), "int, optional");
});

test("A parameter is required unless it is marked optional or has a default", () => {
  const [sample] = xlam.read(record, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(sample.offer.tools[0]?.parameters, {
    type: "object",
    properties: tools[0]?.parameters,
    required: ["query"],
  });
});

test("What is no JSON is told where it goes wrong", () => {
  const broken = { query: "Hi", tools: "[{]", answers: "[]" };
  const [fault] = xlam.read(broken, Ref.root).unreadable;
  assert.ok(fault !== undefined);
  assert.match(fault.sentence, /`tools` is not JSON/);
  assert.equal(standsAt(broken, fault.ref), "]");
});
