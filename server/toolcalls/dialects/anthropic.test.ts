import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { anthropic } from "./anthropic.ts";
import { callsOf } from "./model.ts";
import { Ref } from "./ref.ts";
import { splitThought } from "./turns.ts";

const tool = { name: "get_weather", description: "Weather", input_schema: { type: "object", properties: {} } };
const use = (id: string, city: string): unknown => ({ type: "tool_use", id, name: "get_weather", input: { city } });
const request = {
  model: "m",
  system: [{ type: "text", text: "Be brief." }],
  messages: [
    { role: "user", content: "Oslo and Rome?" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Two.", signature: "s" },
        { type: "text", text: "Yes" },
        use("a", "Oslo"),
        use("b", "Rome"),
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: "3" },
        { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "20" }] },
        { type: "text", text: "And now?" },
      ],
    },
  ],
  tools: [tool, { type: "bash_20250124", name: "bash" }],
};

test("reads blocks into turns: answers of tools first, then what the user says", () => {
  const { samples, unreadable } = anthropic.read(request, Ref.root);
  assert.deepEqual(unreadable, []);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(
    sample.offer.tools.map(({ name, schemaRef }) => [name, schemaRef(["type"]).steps()]),
    [["get_weather", ["tools", 0, "input_schema", "type"]]],
  );
  assert.deepEqual(
    sample.turns.map(({ role, text, callId }) => [role, text, callId]),
    [
      ["system", "Be brief.", undefined],
      ["user", "Oslo and Rome?", undefined],
      ["assistant", "<think>\nTwo.\n</think>\n\nYes", undefined],
      ["tool", "3", "a"],
      ["tool", "20", "b"],
      ["user", "And now?", undefined],
    ],
  );
  assert.deepEqual(
    callsOf(sample).map(({ id, argumentsRef, form }) => [id, form, argumentsRef.at("city").steps()]),
    [
      ["a", "object", ["messages", 1, "content", 2, "input", "city"]],
      ["b", "object", ["messages", 1, "content", 3, "input", "city"]],
    ],
  );
});

test("reads lines of a batch and replies", () => {
  const calls = (value: unknown): number => anthropic.read(value, Ref.root).samples.flatMap(callsOf).length;
  assert.equal(calls({ custom_id: "1", params: request }), 2);
  assert.equal(calls({ type: "message", role: "assistant", content: [use("a", "Oslo")], stop_reason: "tool_use" }), 1);
  assert.deepEqual(
    anthropic.read({ tools: [tool] }, Ref.root).tools.map(({ name }) => name),
    ["get_weather"],
  );
});

test("is told from the Model Context Protocol, whose sampling has the same blocks", () => {
  assert.equal(anthropic.detect(request), 1);
  assert.equal(anthropic.detect(tool), 1);
  assert.equal(anthropic.detect({ ...request, tools: undefined }), 1);
  const result = { role: "user", content: [{ type: "tool_result", toolUseId: "a", content: [] }] };
  for (const other of [
    { messages: [...request.messages, result] },
    { messages: request.messages, tools: [{ name: "f", inputSchema: {} }] },
    { role: "assistant", content: [use("a", "Oslo")], stopReason: "toolUse" },
    { name: "f", inputSchema: {} },
    { messages: [{ role: "user", content: "" }] },
  ])
    assert.equal(anthropic.detect(other), 0);
});

test("writes roles that alternate, and leaves unsigned thoughts out in so many words", () => {
  const [sample] = anthropic.read(request, Ref.root).samples;
  assert.ok(sample !== undefined);
  const written = anthropic.writeSample?.(sample);
  assert.deepEqual(written, {
    value: {
      model: "m",
      system: "Be brief.",
      messages: [
        { role: "user", content: [{ type: "text", text: "Oslo and Rome?" }] },
        { role: "assistant", content: [{ type: "text", text: "Yes" }, use("a", "Oslo"), use("b", "Rome")] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: "3" },
            { type: "tool_result", tool_use_id: "b", content: "20" },
            { type: "text", text: "And now?" },
          ],
        },
      ],
      tools: [tool],
    },
    lost: ["Thoughts are left out: the API takes back only those that it signed."],
  });
});

test("a tool without parameters gets the empty schema that the API demands", () => {
  const [bare] = anthropic.read({ tools: [{ name: "f" }] }, Ref.root).tools;
  assert.ok(bare !== undefined);
  assert.deepEqual(anthropic.writeTool?.(bare), {
    value: { name: "f", input_schema: { type: "object", properties: {} } },
    lost: [],
  });
  assert.deepEqual(anthropic.writeTool?.({ ...bare, written: { name: "f", outputSchema: {} } }).lost, [
    'Left out of "f": `outputSchema`.',
  ]);
});

test("what it writes it reads again, thoughts aside", () =>
  assertRoundTrip(anthropic, { text: (text) => splitThought(text).rest }));

test("survives any JSON", () => assertSurvives(anthropic));
