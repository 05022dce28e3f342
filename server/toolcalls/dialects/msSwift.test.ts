import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { callsOf } from "./model.ts";
import { msSwift } from "./msSwift.ts";
import { Ref } from "./ref.ts";

const tools = JSON.stringify([{ type: "function", function: { name: "click", parameters: { type: "object" } } }]);
const call = (name: string): unknown => ({ role: "tool_call", content: JSON.stringify({ name, arguments: { x: 1 } }) });
const row = {
  tools,
  messages: [
    { role: "user", content: "Click" },
    { role: "assistant", content: "Gladly." },
    call("click"),
    call("click"),
    { role: "tool_response", content: '{"ok": true}' },
    { role: "assistant", content: "Done." },
  ],
  images: ["a.png"],
};

test("reads the tools in the string, and calls into the turn of the assistant before them", () => {
  const { samples, unreadable } = msSwift.read(row, Ref.root);
  assert.deepEqual(unreadable, []);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(
    sample.offer.tools.map(({ name }) => name),
    ["click"],
  );
  assert.equal(sample.query, "Click");
  assert.deepEqual(
    sample.turns.map(({ role, text, calls }) => [role, text, calls.length]),
    [
      ["user", "Click", 0],
      ["assistant", "Gladly.", 2],
      ["tool", '{"ok": true}', 0],
      ["assistant", "Done.", 0],
    ],
  );
  assert.deepEqual(callsOf(sample)[0]?.arguments, { x: 1 });
});

test("a call that is encoded twice or is no JSON says so", () => {
  const forms = (content: unknown): unknown =>
    msSwift
      .read({ messages: [{ role: "tool_call", content }] }, Ref.root)
      .samples.flatMap(callsOf)
      .map(({ name, form, fault }) => [name, form, fault?.sentence !== undefined]);
  assert.deepEqual(forms(JSON.stringify('{"name":"f","arguments":{}}')), [["f", "string-in-string", false]]);
  assert.deepEqual(forms('{"name":"f","arguments":"{}"}'), [["f", "string", false]]);
  assert.deepEqual(forms('{"name":"f",'), [["", "not-json", true]]);
  assert.deepEqual(forms("{'name': 'f', 'arguments': {}}"), [["f", "not-json", true]]);
  assert.deepEqual(forms({ name: "f", arguments: {} }), [["f", "object", false]]);
});

test("tools that are no JSON, unknown roles and messages without a call are reported at their places", () => {
  const { unreadable } = msSwift.read(
    { tools: '[{"name": ]', messages: [{ role: "robot", content: "" }, { role: "tool_call" }] },
    Ref.root,
  );
  assert.deepEqual(
    unreadable.map(({ ref }) => ref.steps()),
    [
      ["tools", { from: 10, to: 11 }],
      ["messages", 0, "role"],
      ["messages", 1],
    ],
  );
});

test("is told from rows of others by its roles alone", () => {
  assert.equal(msSwift.detect(row), 1);
  assert.equal(msSwift.detect({ messages: [{ role: "user", content: "" }] }), 0);
  assert.equal(msSwift.detect({ conversations: [] }), 0);
});

test("keeps images, and says that ids are left out", () => {
  const [sample] = msSwift.read(row, Ref.root).samples;
  assert.ok(sample !== undefined);
  const withId = {
    ...sample,
    turns: sample.turns.map((turn) => ({ ...turn, callId: "a" })),
    extra: { images: [], x: 1 },
  };
  const written = msSwift.writeSample?.(withId);
  assert.deepEqual(Object.keys(Object(written?.value)), ["tools", "messages", "images"]);
  assert.deepEqual(written?.lost, ["Left out: `x`.", "The ids of calls are left out."]);
});

test("what it writes it reads again", () => assertRoundTrip(msSwift));

test("survives any JSON", () => assertSurvives(msSwift));
