import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { llamaFactory } from "./llamaFactory.ts";
import { callsOf } from "./model.ts";
import { Ref } from "./ref.ts";

const call = JSON.stringify({ name: "f", arguments: { a: 1 } });
const row = {
  messages: [
    { role: "user", content: [{ type: "text", value: "Go" }] },
    {
      role: "assistant",
      content: [
        { type: "reasoning", value: "One." },
        { type: "text", value: "Well." },
        { type: "tool_call", value: call },
      ],
    },
    { role: "tool", content: [{ type: "text", value: "1" }] },
  ],
  tools: JSON.stringify([{ type: "function", function: { name: "f", parameters: { type: "object" } } }]),
};

test("reads parts: a reasoning becomes the thought before the text", () => {
  const [sample] = llamaFactory.read(row, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(
    sample.turns.map(({ role, text }) => [role, text]),
    [
      ["user", "Go"],
      ["assistant", "<think>\nOne.\n</think>\n\nWell."],
      ["tool", "1"],
    ],
  );
  assert.deepEqual(
    callsOf(sample).map(({ nameRef }) => nameRef.steps()),
    [["messages", 1, "content", 2, "value", { from: 0, to: call.length }, "name"]],
  );
  assert.deepEqual(sample.offer.tools[0]?.nameRef.steps().slice(2), [0, "function", "name"]);
});

test("of a preference reads the chosen side", () => {
  const { messages, tools } = row;
  const [sample] = llamaFactory.read({ chosen_messages: messages, rejected_messages: [], tools }, Ref.root).samples;
  assert.ok(sample !== undefined);
  assert.equal(callsOf(sample).length, 1);
  assert.deepEqual(sample.extra, { rejected_messages: [] });
});

test("is told from OpenAI by parts with a value", () => {
  assert.equal(llamaFactory.detect(row), 1);
  assert.equal(llamaFactory.detect({ messages: [{ role: "user", content: [{ type: "text", text: "Go" }] }] }), 0);
  assert.equal(llamaFactory.detect({ messages: "x" }), 0);
});

test("writes the very record it has read", () => {
  const [sample] = llamaFactory.read(row, Ref.root).samples;
  assert.ok(sample !== undefined);
  assert.deepEqual(llamaFactory.writeSample?.(sample), { value: row, lost: [] });
});

test("what it writes it reads again", () => assertRoundTrip(llamaFactory));

test("survives any JSON", () => assertSurvives(llamaFactory));
