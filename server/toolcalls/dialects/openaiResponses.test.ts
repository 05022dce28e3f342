import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { callsOf } from "./model.ts";
import { openaiResponses } from "./openaiResponses.ts";
import { Ref } from "./ref.ts";

const tool = { type: "function", name: "get_weather", parameters: { type: "object" }, strict: true };
const request = {
  model: "m",
  instructions: "Be brief.",
  input: [
    { role: "user", content: [{ type: "input_text", text: "Oslo?" }] },
    { type: "reasoning", id: "rs_1", summary: [] },
    { type: "function_call", call_id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' },
    { type: "function_call", call_id: "call_2", name: "get_weather", arguments: { city: "Rome" } },
    { type: "function_call_output", call_id: "call_1", output: "3°" },
  ],
  tools: [tool, { type: "web_search" }],
};

test("reads items of a request into turns; calls in a row are one turn", () => {
  const { samples, unreadable } = openaiResponses.read(request, Ref.root);
  assert.deepEqual(unreadable, []);
  const [sample] = samples;
  assert.ok(sample?.offer.kind === "own");
  assert.deepEqual(
    sample.offer.tools.map(({ name }) => name),
    ["get_weather"],
  );
  assert.deepEqual(
    sample.turns.map(({ role, text, callId }) => [role, text, callId]),
    [
      ["system", "Be brief.", undefined],
      ["user", "Oslo?", undefined],
      ["assistant", "", undefined],
      ["tool", "3°", "call_1"],
    ],
  );
  assert.deepEqual(
    callsOf(sample).map(({ id, form, wanted, ref }) => [id, form, wanted, ref.steps()]),
    [
      ["call_1", "string", ["string"], ["input", 2]],
      ["call_2", "object", ["string"], ["input", 3]],
    ],
  );
});

test("reads the body of a batch line, the output of a response, a question alone and single items", () => {
  const refs = (value: unknown): unknown =>
    openaiResponses
      .read(value, Ref.root)
      .samples.flatMap(callsOf)
      .map(({ nameRef }) => nameRef.steps());
  assert.deepEqual(refs({ custom_id: "1", body: request }), [
    ["body", "input", 2, "name"],
    ["body", "input", 3, "name"],
  ]);
  assert.deepEqual(refs({ object: "response", output: [request.input[2]] }), [["output", 0, "name"]]);
  assert.deepEqual(refs(request.input[2]), [["name"]]);
  const [asked] = openaiResponses.read({ model: "m", input: "Oslo?", tools: [tool] }, Ref.root).samples;
  assert.equal(asked?.query, "Oslo?");
});

test("a flat tool, and a list of them, are tools for others", () => {
  assert.deepEqual(
    [tool, { tools: [tool, { type: "web_search" }] }].map((value) =>
      openaiResponses.read(value, Ref.root).tools.map(({ name, nameRef }) => [name, nameRef.steps()]),
    ),
    [[["get_weather", ["name"]]], [["get_weather", ["tools", 0, "name"]]]],
  );
});

test("is told from chat completions by its items and flat tools", () => {
  assert.equal(openaiResponses.detect(request), 1);
  assert.equal(openaiResponses.detect(tool), 1);
  assert.equal(openaiResponses.detect({ model: "m", input: [{ role: "user", content: "" }] }), 0.8);
  for (const other of [
    { type: "function", function: { name: "f" } },
    { type: "function", name: "f", arguments: "{}" },
    { messages: [], tools: [{ type: "function", function: { name: "f" } }] },
    { instruction: "", input: "", output: "" },
    null,
  ])
    assert.equal(openaiResponses.detect(other), 0);
});

test("keeps strict, and gives ids to calls without", () => {
  const [sample] = openaiResponses.read(request, Ref.root).samples;
  assert.ok(sample !== undefined);
  const turns = sample.turns.map((turn) => ({ ...turn, calls: turn.calls.map(({ id: _, ...call }) => call) }));
  const written = openaiResponses.writeSample?.({ ...sample, turns });
  assert.deepEqual(written, {
    value: {
      model: "m",
      input: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Oslo?" },
        { type: "function_call", call_id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' },
        { type: "function_call", call_id: "call_2", name: "get_weather", arguments: '{"city":"Rome"}' },
        { type: "function_call_output", call_id: "call_1", output: "3°" },
      ],
      tools: [tool],
    },
    lost: [],
  });
});

test("what it writes it reads again", () => assertRoundTrip(openaiResponses));

test("survives any JSON", () => assertSurvives(openaiResponses));
