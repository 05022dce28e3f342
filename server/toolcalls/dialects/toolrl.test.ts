import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { standsAt } from "./testing/contents.ts";
import { toolrl } from "./toolrl.ts";

test("Parameters as Python's repr have places of their own, as JSON has", () => {
  const tool = (name: string, parameters: string): string =>
    `1. Name: ${name}\nDescription: D.\nParameters: ${parameters}`;
  const record = {
    system: `**Available Tools**\n${tool("a", "{'x': {'type': 'str', 'default': \"it's\"}}")}\n${tool("b", '{"y": {"type": "int"}}')}`,
    user: "Hi",
    answer: [],
  };
  const [sample] = toolrl.read(record, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  const [python, json] = sample.offer.tools;
  assert.ok(python !== undefined && json !== undefined);
  assert.deepEqual(python.parameters, { type: "object", properties: { x: { type: "str", default: "it's" } } });
  assert.equal(standsAt(record, python.schemaRef(["properties", "x", "type"])), "'str'");
  assert.equal(standsAt(record, python.schemaRef(["properties", "x", "default"])), '"it\'s"');
  assert.equal(standsAt(record, json.schemaRef(["properties", "y", "type"])), "int");
});
