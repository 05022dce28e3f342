import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { hermes } from "./hermes.ts";
import { callsOf, type Sample } from "./model.ts";
import { Ref } from "./ref.ts";

const tool = '{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}';
const system = `Be brief.

# Tools

The signatures stand within <tools></tools> tags:
<tools>
${tool}
</tools>

Answer with <tool_call>
{"name": <name>, "arguments": <arguments>}
</tool_call>`;
const answer = `<think>A <tool_call> it is.</think>
<tool_call>
{"name": "f", "arguments": {"a": 1}}
</tool_call>
<tool_call>
{"name": "f", "arguments": {"a": 2}}
</tool_call>`;
const responses = "<tool_response>\n1\n</tool_response>\n<tool_response>\n2\n</tool_response>";
const row = {
  messages: [
    { role: "system", content: system },
    { role: "user", content: "Go" },
    { role: "assistant", content: answer },
    { role: "user", content: responses },
  ],
};
const chatMl = row.messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("");

const read = (value: unknown): Sample => {
  const [sample] = hermes.read(value, Ref.root).samples;
  assert.ok(sample !== undefined);
  return sample;
};

test("reads messages, conversations, a rendered text in a row and a text alone to the same turns", () => {
  const conversations = row.messages.map(({ role, content }) => ({ from: role, value: content }));
  for (const value of [row, { conversations }, { text: chatMl }, chatMl]) {
    const sample = read(value);
    assert.deepEqual(
      sample.turns.map(({ role, text, calls }) => [role, text, calls.map((call) => call.arguments)]),
      [
        ["system", "Be brief.", []],
        ["user", "Go", []],
        ["assistant", "<think>A <tool_call> it is.</think>", [{ a: 1 }, { a: 2 }]],
        ["tool", "1", []],
        ["tool", "2", []],
      ],
    );
    assert.ok(sample.offer.kind === "own");
    assert.deepEqual(
      sample.offer.tools.map(({ name }) => name),
      ["f"],
    );
    assert.equal(hermes.detect(value), 1);
  }
});

test("places reach into the text", () => {
  const from = answer.indexOf('{"name"');
  const to = answer.indexOf("\n</tool_call>");
  const { turns } = read(row);
  assert.deepEqual(turns[2]?.calls[0]?.argumentsRef.at("a").steps(), [
    "messages",
    2,
    "content",
    { from, to },
    "arguments",
    "a",
  ]);
  const offset = chatMl.indexOf(answer);
  assert.deepEqual(read(chatMl).turns[2]?.calls[0]?.nameRef.steps(), [
    { from: offset + from, to: offset + to },
    "name",
  ]);
});

test("reads tools as Python prints them, but calls that way are a fault with a name", () => {
  const python = "{'name': 'f', 'parameters': {'type': 'object'}}";
  const sample = read(`<tools>[${python}]</tools><tool_call>{'name': 'f', 'arguments': {'a': None}}</tool_call>`);
  assert.ok(sample.offer.kind === "own");
  assert.deepEqual(
    sample.offer.tools.map(({ name }) => name),
    ["f"],
  );
  const [call] = callsOf(sample);
  assert.deepEqual([call?.name, call?.form], ["f", "not-json"]);
  assert.match(call?.fault?.sentence ?? "", /Python/);
});

test("takes the tools of the column where the text has none", () => {
  const { offer } = read({ ...row, messages: row.messages.slice(1), tools: `[${tool}]` });
  assert.ok(offer.kind === "own");
  assert.deepEqual(offer.tools[0]?.nameRef.steps().slice(2), [0, "function", "name"]);
});

test("is told from rows with calls of their own, and from ToolRL and Tool-N1", () => {
  for (const other of [
    { messages: [{ role: "assistant", content: answer, tool_calls: [] }] },
    {
      messages: [
        { role: "tool_call", content: "{}" },
        { role: "assistant", content: answer },
      ],
    },
    { conversations: [{ from: "function_call", value: '{"name":"f","arguments":{"a":"<tool_call>"}}' }] },
    { messages: [{ role: "user", content: "What does <tool_call> mean?" }] },
    { ...row, reward_model: {} },
    { conversations: [], answer: [], tools: [] },
    { messages: [{ role: "user", content: "Go" }] },
    "Go",
  ])
    assert.equal(hermes.detect(other), 0);
});

test("a tag inside an argument ends no call", () => {
  const sample = read(row);
  const [call] = callsOf(sample);
  assert.ok(call !== undefined);
  const quoted = { ...call, arguments: { a: "</tool_call><tool_call>" } };
  const turns = [{ role: "assistant" as const, text: "", calls: [quoted], ref: Ref.root }];
  const written = hermes.writeSample?.({ ...sample, turns }).value;
  assert.deepEqual(
    callsOf(read(written)).map((again) => again.arguments),
    [quoted.arguments],
  );
});

test("what it writes it reads again", () => assertRoundTrip(hermes));

test("survives any JSON", () => assertSurvives(hermes));
