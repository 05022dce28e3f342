import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { callsOf } from "./model.ts";
import { Ref } from "./ref.ts";
import { shareGpt } from "./shareGpt.ts";

const tools = JSON.stringify([{ name: "f", parameters: { type: "object" } }]);
const calls = '[{"name":"f","arguments":{"a":1}},{"name":"f","arguments":{"a":2}}]';
const row = {
  system: "Be brief.",
  conversations: [
    { from: "human", value: "Go" },
    { from: "function_call", value: `<think>\nTwo.\n</think>\n\n${calls}` },
    { from: "observation", value: "1" },
    { from: "gpt", value: "Done." },
  ],
  tools,
};

test("reads calls of one value, a thought before them, and the system beside the conversation", () => {
  const { samples, unreadable } = shareGpt.read(row, Ref.root);
  assert.deepEqual(unreadable, []);
  const [sample] = samples;
  assert.ok(sample !== undefined);
  assert.deepEqual(
    sample.turns.map(({ role, text }) => [role, text]),
    [
      ["system", "Be brief."],
      ["user", "Go"],
      ["assistant", "<think>\nTwo.\n</think>\n\n"],
      ["tool", "1"],
      ["assistant", "Done."],
    ],
  );
  const from = row.conversations[1]?.value.indexOf("[");
  assert.deepEqual(
    callsOf(sample).map(({ argumentsRef }) => argumentsRef.steps()),
    [0, 1].map((index) => [
      "conversations",
      1,
      "value",
      { from, to: row.conversations[1]?.value.length },
      index,
      "arguments",
    ]),
  );
});

test("an empty text offers no tools, an absent one leaves them open", () => {
  const offer = (row: object): unknown => shareGpt.read({ conversations: [], ...row }, Ref.root).samples[0]?.offer;
  assert.deepEqual(offer({ tools: "" }), { kind: "own", tools: [] });
  assert.deepEqual(offer({}), { kind: "open" });
});

test("reports speakers that no trainer maps, and turns without a call", () => {
  const { unreadable } = shareGpt.read(
    { conversations: [{ from: "robot", value: "" }, { from: "function_call" }, { value: "x" }] },
    Ref.root,
  );
  assert.deepEqual(
    unreadable.map(({ ref }) => ref.steps()),
    [
      ["conversations", 0, "from"],
      ["conversations", 1],
      ["conversations", 2],
    ],
  );
});

test("reads parameters that are a map without a schema, at the places of the map", () => {
  const flat = JSON.stringify([{ name: "f", parameters: { a: { type: "str, optional" } } }]);
  const [sample] = shareGpt.read({ ...row, tools: flat }, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  const [tool] = sample.offer.tools;
  assert.deepEqual(tool?.parameters, { type: "object", properties: { a: { type: "str, optional" } } });
  assert.deepEqual(tool.schemaRef(["properties", "a", "type"]).steps().slice(-3), ["parameters", "a", "type"]);
});

test("is told from Tool-N1, which has an answer beside the conversation", () => {
  assert.equal(shareGpt.detect(row), 1);
  assert.equal(shareGpt.detect({ conversations: [{ from: "user", value: "" }] }), 0.5);
  assert.equal(shareGpt.detect({ ...row, answer: [] }), 0);
  assert.equal(shareGpt.detect({ conversations: [{ role: "user", content: "" }] }), 0);
});

test("writes several calls of a turn into one value, since one observation follows it", () => {
  const [sample] = shareGpt.read(row, Ref.root).samples;
  assert.ok(sample !== undefined);
  const { tools: writtenTools, ...written } = Object(shareGpt.writeSample?.(sample).value);
  assert.deepEqual(written, { conversations: row.conversations, system: row.system });
  assert.equal(writtenTools, tools);
});

test("what it writes it reads again", () => assertRoundTrip(shareGpt));

test("survives any JSON", () => assertSurvives(shareGpt));
