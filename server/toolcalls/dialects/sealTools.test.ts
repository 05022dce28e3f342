import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { sealTools } from "./sealTools.ts";
import { callContents, standsAt, toolContents } from "./testing/contents.ts";

test("Calls under `calling`", () => {
  const record = {
    id: "dev-0",
    query: "Hi",
    calling: [{ api: "f", parameters: { a: "1" }, responses: ["API_call_0"] }],
  };
  const [sample] = sealTools.read(record, Ref.root).samples;
  const [call] = sample?.gold ?? [];
  assert.ok(sample !== undefined && call !== undefined);
  assert.deepEqual(callContents(call), { name: "f", arguments: { a: "1" } });
  assert.equal(standsAt(record, call.argumentsRef.at("a")), "1");
  assert.deepEqual(sealTools.writeSample?.(sample), { value: record, lost: [] });
});

test("A tool, with what it requires beside its parameters", () => {
  const record = {
    api_name: "f",
    api_description: "Does.",
    field: "Law",
    parameters: { a: { type: "float", description: "A." } },
    required: ["a"],
    responses: {},
  };
  const [tool] = sealTools.read(record, Ref.root).tools;
  assert.ok(tool !== undefined);
  assert.deepEqual(toolContents(tool), {
    name: "f",
    description: "Does.",
    parameters: { type: "object", properties: record.parameters, required: ["a"] },
  });
  assert.equal(standsAt(record, tool.schemaRef(["properties", "a", "type"])), "float");
  assert.equal(standsAt(record, tool.schemaRef(["required", 0])), "a");
});
