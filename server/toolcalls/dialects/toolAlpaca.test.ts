import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";
import { toolAlpaca } from "./toolAlpaca.ts";

const record = {
  Name: "Nager.Date",
  Function_Description: {
    IsHoliday: 'Today?\nParameters: {"country": "Required. string. Two letters.", "offset": "integer. "}\nOutput: Yes.',
    Version: "Parameters: {}\nOutput: Success.",
    components: "Structures are outlined below.",
  },
  Instructions: ["Is today one?", "And tomorrow?"],
  Golden_Answers: [[{ Action: "IsHoliday", Action_Input: '{"country": "CN"}' }], []],
};

test("An instruction each, with the calls of its answer and the functions of the description", () => {
  const { samples } = toolAlpaca.read(record, Ref.root);
  assert.deepEqual(
    samples.map(({ query, gold }) => [query, gold?.length]),
    [
      ["Is today one?", 1],
      ["And tomorrow?", 0],
    ],
  );
  const [sample] = samples;
  const [call] = sample?.gold ?? [];
  assert.ok(sample?.offer.kind === "own" && call !== undefined);
  assert.deepEqual(callContents(call), { name: "IsHoliday", arguments: { country: "CN" } });
  assert.equal(call.form, "string");
  assert.equal(standsAt(record, call.argumentsRef.at("country")), "CN");
  const [tool, version] = sample.offer.tools;
  assert.deepEqual(tool?.parameters, {
    type: "object",
    properties: {
      country: { type: "string", description: "Two letters." },
      offset: { type: "integer", description: "" },
    },
    required: ["country"],
  });
  assert.equal(tool.description, "Today?");
  assert.equal(version?.name, "Version");
  assert.equal(standsAt(record, tool.schemaRef(["properties", "offset", "type"])), "integer. ");
});
