import assert from "node:assert/strict";
import test from "node:test";
import { apiZoo } from "./apiZoo.ts";
import { Ref } from "./ref.ts";
import { standsAt } from "./testing/contents.ts";

const record = {
  user_name: "u",
  api_name: "Translate - detect",
  api_call: "service.detect(parent: str)",
  api_version: "v3",
  api_arguments: {
    parent: "[REQUIRED] string: The project: where calls go.",
    mode: ["fast", "exact"],
    note: "Anything. Not a type: a sentence.",
    filter: { name: "Which.", value: "integer: How much." },
    verbose: true,
  },
  functionality: "Detects the language.",
};

test("Sentences, lists and maps become a schema, and are written as they were", () => {
  const [tool] = apiZoo.read(record, Ref.root).tools;
  assert.ok(tool !== undefined);
  assert.deepEqual(tool.parameters, {
    type: "object",
    properties: {
      parent: { type: "string", description: "The project: where calls go." },
      mode: { enum: ["fast", "exact"] },
      note: { description: "Anything. Not a type: a sentence." },
      filter: {
        type: "object",
        properties: { name: { description: "Which." }, value: { type: "integer", description: "How much." } },
      },
      verbose: { default: true },
    },
    required: ["parent"],
  });
  assert.equal(standsAt(record, tool.schemaRef(["properties", "parent", "type"])), record.api_arguments.parent);
  assert.deepEqual(apiZoo.writeTool?.(tool), { value: record, lost: [] });
});

test("What no sentence says is said to be lost", () => {
  const [tool] = apiZoo.read(record, Ref.root).tools;
  assert.ok(tool !== undefined);
  const parameters = { type: "object", properties: { a: { type: "string", pattern: "x" } } };
  const { lost } = apiZoo.writeTool?.({ ...tool, parameters }) ?? { lost: [] };
  assert.equal(lost.length, 1);
  assert.match(lost[0] ?? "", /`pattern`/);
});
