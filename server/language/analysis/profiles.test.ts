import assert from "node:assert/strict";
import test from "node:test";
import { found } from "../testing/found.ts";
import { PROFILE_IDS, type ProfileId } from "./profiles.ts";

const tool = (name: string, parameters: object) => ({ type: "function", function: { name, parameters } });
const rulesOf = (record: unknown, ...profiles: ProfileId[]) => found([record], profiles).map(({ rule }) => rule);

test("a plain closed tool pleases everyone; Gemini alone minds that it is closed", () => {
  const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const closed = tool("get_weather", { ...parameters, additionalProperties: false });
  for (const profile of PROFILE_IDS)
    assert.deepEqual(rulesOf(closed, profile), profile === "gemini" ? ["gemini-keyword"] : [], profile);
  assert.deepEqual(rulesOf(tool("get_weather", parameters), "gemini"), []);
});

test("alternatives at the root are valid for MCP and refused by others", () => {
  const either = { type: "object", properties: { a: { type: "string" } }, oneOf: [{ required: ["a"] }] };
  assert.deepEqual(rulesOf(tool("get", either), "mcp"), []);
  assert.deepEqual(rulesOf(tool("get", either), "anthropic"), ["anthropic-root"]);
  assert.deepEqual(rulesOf(tool("get", either), "openai"), ["openai-root"]);
});

test("a tuple of draft-07 is right by its own draft, and refused by Anthropic", () => {
  const parameters = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { at: { type: "array", items: [{ type: "number" }], additionalItems: false } },
    required: ["att"],
  };
  assert.deepEqual(rulesOf(tool("get", parameters)), ["required-unknown"]);
  const [draft, ...others] = found([tool("get", parameters)], ["anthropic"]).filter(
    ({ rule }) => rule !== "required-unknown",
  );
  assert.deepEqual(others, []);
  assert.equal(draft?.rule, "anthropic-draft");
  assert.equal(draft?.at, '[{"type":"number"}]');
  const today = {
    ...parameters,
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: {},
    required: [],
  };
  assert.deepEqual(rulesOf(tool("get", today), "anthropic"), []);
});

test("strict mode looks into every object, and counts over the whole schema", () => {
  const inner = { type: "object", properties: { x: { type: "string" } } };
  const nested = {
    type: "object",
    properties: { a: { type: "array", items: inner } },
    required: ["a"],
    additionalProperties: false,
  };
  assert.deepEqual(
    found([tool("get", nested)], ["openai-strict"]).map(({ rule, at }) => [rule, at]),
    [
      ["strict-closed", JSON.stringify(inner)],
      ["strict-required", '"x"'],
    ],
  );
  const of = (properties: object) =>
    tool("get", { type: "object", properties, required: Object.keys(properties), additionalProperties: false });
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, { type: "null" }]));
  assert.deepEqual(rulesOf(of(many(5000)), "openai-strict"), []);
  assert.deepEqual(rulesOf(of(many(5001)), "openai-strict"), ["strict-limits"]);
  const enumOf = (count: number, length: number) => ({
    a: { type: "string", enum: Array.from({ length: count }, (_, at) => String(at).padStart(length, "x")) },
  });
  assert.deepEqual(rulesOf(of(enumOf(1000, 15)), "openai-strict"), []);
  assert.deepEqual(rulesOf(of(enumOf(1001, 3)), "openai-strict"), ["strict-limits"]);
  assert.deepEqual(rulesOf(of(enumOf(251, 60)), "openai-strict"), ["strict-limits"]);
  const long = { a: { type: "string", const: "x".repeat(120_000) } };
  assert.deepEqual(rulesOf(of(long), "openai-strict"), ["strict-limits"]);
});

test("a profile is stricter than a dialect's habits, and settings are stricter still", () => {
  const bfcl = {
    id: "simple_0",
    question: [[{ role: "user", content: "?" }]],
    function: [{ name: "a", description: "", parameters: { type: "dict", properties: {}, required: [] } }],
  };
  const severityOf = (...profiles: ProfileId[]) =>
    found([bfcl], profiles).find(({ rule }) => rule === "schema-type-name")?.severity;
  assert.equal(severityOf(), "hint");
  assert.equal(severityOf("openai"), "error");
});

test("a habit of one dialect is an error in others", () => {
  const severity = found([tool("a", { type: "dict", properties: {} })]).find(({ rule }) => rule === "schema-type-name");
  assert.equal(severity?.severity, "error");
});
