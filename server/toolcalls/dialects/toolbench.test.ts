import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { standsAt } from "./testing/contents.ts";
import { toolbench } from "./toolbench.ts";

const api = {
  category_name: "Data",
  tool_name: "TheClique",
  api_name: "Songkick concert",
  api_description: "Concert info",
  required_parameters: [{ name: "id", type: "STRING", description: "", default: "4" }],
  optional_parameters: [{ name: "page", type: "NUMBER", description: "" }],
};

test("Two lists of parameters become one schema, with the places of both", () => {
  const record = {
    api_list: [api],
    query: "Who plays?",
    query_id: 588,
    "relevant APIs": [["TheClique", "Songkick concert"]],
  };
  const [sample] = toolbench.read(record, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  assert.equal(sample.id, "588");
  const [tool] = sample.offer.tools;
  assert.ok(tool !== undefined);
  assert.deepEqual(tool.parameters, {
    type: "object",
    properties: {
      id: { type: "STRING", description: "", default: "4" },
      page: { type: "NUMBER", description: "" },
    },
    required: ["id"],
  });
  assert.equal(standsAt(record, tool.schemaRef(["properties", "page", "type"])), "NUMBER");
  assert.equal(standsAt(record, tool.schemaRef(["required", 0])), "id");
  assert.deepEqual(toolbench.writeTool?.(tool).value, api);
});

test("The APIs of a tool are tools", () => {
  const record = { tool_name: "T", tool_description: "", api_list: [{ ...api, api_name: undefined, name: "Get" }] };
  const { tools } = toolbench.read(JSON.parse(JSON.stringify(record)), Ref.root);
  assert.deepEqual(
    tools.map(({ name }) => name),
    ["Get"],
  );
});
