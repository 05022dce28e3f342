import assert from "node:assert/strict";
import test from "node:test";
import { assertRoundTrip, assertSurvives } from "../testing/dialects.ts";
import { detectDialect } from "./index.ts";
import { mistral } from "./mistral.ts";
import { callsOf } from "./model.ts";
import { Ref } from "./ref.ts";

const call = (id: string): unknown => ({ id, type: "function", function: { name: "f", arguments: '{"a":1}' } });
const row = (id: string): { messages: unknown[] } => ({
  messages: [
    { role: "user", content: "Go" },
    { role: "assistant", tool_calls: [call(id)] },
    { role: "tool", content: "{}", tool_call_id: id },
  ],
});

test("reads arguments, which must be a string, and tools under both names", () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  for (const key of ["tools", "available_tools"]) {
    const { samples, unreadable } = mistral.read({ ...row("TX92Jm8Zi"), [key]: tools }, Ref.root);
    assert.deepEqual(unreadable, []);
    assert.ok(samples[0]?.offer.kind === "own");
    assert.deepEqual(samples[0].offer.tools[0]?.nameRef.steps(), [key, 0, "function", "name"]);
    assert.deepEqual(
      callsOf(samples[0]).map(({ form, wanted }) => [form, wanted]),
      [["string", ["string"]]],
    );
  }
});

test("is told from OpenAI by its ids, also where many rows have no call", () => {
  assert.equal(mistral.detect(row("TX92Jm8Zi")), 1);
  assert.equal(mistral.detect(row("call_123")), 0);
  assert.equal(mistral.detect({ messages: [], available_tools: [] }), 1);
  const plain = { messages: [{ role: "user", content: "Hi" }], tools: [] };
  assert.equal(detectDialect([plain, plain, plain, row("TX92Jm8Zi")])?.id, "mistral");
  assert.equal(detectDialect([plain, plain, plain, row("call_123")])?.id, "openai");
  assert.equal(detectDialect([plain])?.id, "openai");
});

test("replaces ids that Mistral refuses, the same at the call and its answer", () => {
  const [sample] = mistral.read(row("call_123"), Ref.root).samples;
  assert.ok(sample !== undefined);
  const written = mistral.writeSample?.(sample);
  assert.deepEqual(written?.value, row("call00001"));
  assert.deepEqual(written?.lost, [
    "The tools are not in the record; put their definitions under its tools.",
    "Ids of calls are replaced: Mistral takes nine letters and digits.",
  ]);
});

test("what it writes it reads again", () => assertRoundTrip(mistral));

test("survives any JSON", () => assertSurvives(mistral));
