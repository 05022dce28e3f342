import assert from "node:assert/strict";
import test from "node:test";
import { apiBank } from "./apiBank.ts";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";

test("A line of a dialogue holds a call and what came back", () => {
  const record = { role: "API", api_name: "GetUserToken", param_dict: { username: "a" }, result: { output: "t" } };
  const [sample] = apiBank.read(record, Ref.root).samples;
  const [call] = sample?.turns[0]?.calls ?? [];
  assert.ok(sample !== undefined && call !== undefined);
  assert.deepEqual(callContents(call), { name: "GetUserToken", arguments: { username: "a" } });
  assert.equal(standsAt(record, call.nameRef), "GetUserToken");
  assert.equal(standsAt(record, call.argumentsRef.at("username")), "a");
  // Such lines repeat from dialogue to dialogue and are no copies of a sample.
  assert.equal(sample.query, "");
  assert.deepEqual(apiBank.writeSample?.(sample), { value: record, lost: [] });
});

test("A documented API requires all its parameters", () => {
  const record = { name: "F", description: "", input_parameters: { a: { type: "str" } }, output_parameters: {} };
  const [tool] = apiBank.read(record, Ref.root).tools;
  assert.ok(tool !== undefined);
  assert.deepEqual(tool.parameters, { type: "object", properties: { a: { type: "str" } }, required: ["a"] });
  assert.equal(standsAt(record, tool.schemaRef(["properties", "a", "type"])), "str");
});

test("A row: APIs in the instruction, turns in the input, the call as text in the output", () => {
  const api = { name: "F", description: "Does.", input_parameters: { a: { type: "str" } }, output_parameters: {} };
  const record = {
    instruction: `Generate.\nAPI descriptions:\n${JSON.stringify(api)}\n${JSON.stringify({ ...api, name: "G" })}`,
    input: "User: Do it,\nplease.\nAI: Sure.\nGenerate API Request: ",
    output: "API-Request: [F(a='it\\'s')]",
  };
  const { samples, unreadable } = apiBank.read(record, Ref.root);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(unreadable, []);
  assert.deepEqual(
    sample.offer.tools.map(({ name }) => name),
    ["F", "G"],
  );
  assert.equal(standsAt(record, sample.offer.tools[1]?.schemaRef(["properties", "a", "type"]) ?? Ref.root), "str");
  assert.deepEqual(
    sample.turns.map(({ role, text }) => [role, text]),
    [
      ["user", "Do it,\nplease."],
      ["assistant", "Sure."],
    ],
  );
  assert.equal(standsAt(record, sample.queryRef), "Do it,\nplease.");
  const [call] = sample.gold ?? [];
  assert.equal(call?.arguments.a, "it's");
  assert.equal(call && standsAt(record, call.argumentsRef.at("a")), "'it\\'s'");
});
