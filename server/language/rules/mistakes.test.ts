/** Every class of mistakes that is known from practice, as it stands in files, and the rule that says so. */
import assert from "node:assert/strict";
import test from "node:test";
import { found } from "../testing/found.ts";

const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

const call = (args: unknown, id = "c1", name = "get_weather") => ({
  id,
  type: "function",
  function: { name, arguments: args },
});
const ask = { role: "user", content: "Weather?" };
const oslo = JSON.stringify({ city: "Oslo" });
const row = (...messages: unknown[]) => ({ messages: [ask, ...messages], tools: [WEATHER] });
const calls = (...list: unknown[]) => ({ role: "assistant", content: "", tool_calls: list });
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "rain" });
const said = (content: unknown) => ({ role: "assistant", content });
const mistral = (...messages: unknown[]) => ({ messages: [ask, ...messages], available_tools: [WEATHER] });
const use = (id: string) => ({ type: "tool_use", id, name: "get_weather", input: { city: "Oslo" } });
const anthropicTool = { name: "get_weather", input_schema: WEATHER.function.parameters };
const anthropic = (...messages: unknown[]) => ({ messages: [ask, ...messages], tools: [anthropicTool] });
const turn = (from: string, value: string) => ({ from, value });
const asked = turn("human", "Weather?");
const called = turn("function_call", JSON.stringify({ name: "get_weather", arguments: { city: "Oslo" } }));
const shareGpt = (...conversations: unknown[]) => ({ conversations, tools: JSON.stringify([WEATHER.function]) });
const tool = (name: string, parameters: unknown) => ({ type: "function", function: { name, parameters } });
const withProperty = (schema: unknown) => tool("get", { type: "object", properties: { a: schema } });

/** Mistake, record, the rule that reports it. */
const MISTAKES: readonly [string, unknown, string][] = [
  ["an object where a string is wanted", mistral(calls(call({ city: "Oslo" }, "a1B2c3D4e"))), "arguments-form"],
  ["arguments encoded twice", row(calls(call(JSON.stringify(oslo)))), "arguments-form"],
  ["arguments that are cut off", row(calls(call('{"city": "Os'))), "arguments-not-json"],
  ["arguments that are a list", row(calls(call("[1]"))), "arguments-not-object"],
  ["arguments that are null", row(calls(call(null))), "arguments-not-object"],
  ["arguments that are an empty text", row(calls(call(""))), "arguments-not-json"],
  [
    "no arguments",
    row(calls({ id: "c1", type: "function", function: { name: "get_weather" } })),
    "arguments-not-object",
  ],
  ["keys of other tools, null", row(calls(call({ city: "Oslo", minutes: null, selector: null }))), "arrow-nulls"],
  ["a tool message without a call", row(said("I look."), result("c1")), "result-without-call"],
  ["a tool message with another id", row(calls(call(oslo, "c1")), result("c2")), "result-without-call"],
  ["an answer given twice", row(calls(call(oslo, "c1")), result("c1"), result("c1")), "result-without-call"],
  ["a call without a tool message", row(calls(call(oslo)), ask), "call-without-result"],
  ["one of two calls answered", row(calls(call(oslo, "c1"), call(oslo, "c2")), result("c1")), "call-without-result"],
  ["tool_use without tool_result", anthropic({ role: "assistant", content: [use("t1")] }, ask), "call-without-result"],
  ["two assistant messages in a row", row(said("One moment."), said("Rain.")), "assistant-twice"],
  ["a role that nobody maps", row({ role: "bot", content: "Rain." }), "unknown-role"],
  ["a system role in Anthropic's messages", anthropic({ role: "system", content: "Be short." }), "unknown-role"],
  ["a speaker that nobody maps", shareGpt(asked, called, turn("narrator", "Rain.")), "record-shape"],
  ["speakers out of order", shareGpt(asked, turn("gpt", "One moment."), called), "speaker-order"],
  ["content null beside calls", row({ ...calls(call(oslo)), content: null }), "empty-content"],
  ["an empty text beside Mistral's calls", mistral(calls(call(oslo, "a1B2c3D4e"))), "empty-content"],
  [
    "an empty text block",
    anthropic({ role: "assistant", content: [{ type: "text", text: "" }, use("t1")] }),
    "empty-content",
  ],
  ["calls that the trainer drops", row({ ...calls(call(oslo)), role: "user" }), "misplaced-calls"],
  ["tools that the trainer drops", { messages: [ask, calls(call(oslo))], functions: [WEATHER] }, "calls-without-tools"],
  ["a long id in Mistral's format", mistral(calls(call(oslo, "call_12345678"))), "mistral-call-id"],
  ["tools that are no JSON", { conversations: [asked, called], tools: "[{'name': 'a'}]" }, "record-shape"],
  [
    "a thought before a call's JSON",
    shareGpt(asked, turn("function_call", `<think>Hm.</think>${called.value}`)),
    "thought-in-call",
  ],
  ["a tag inside a JSON string", row(calls(call({ city: "Oslo</tool_call>" }))), "tag-in-argument"],
  ["an unwrapped call", row(said(called.value)), "unwrapped-call"],
  ["an unknown tool", row(calls(call(oslo, "c1", "get_wether"))), "unknown-tool"],
  ["an unknown parameter", row(calls(call({ city: "Oslo", unit: "C" }))), "argument-unknown"],
  ["a required argument that is missing", row(calls(call({}))), "argument-missing"],
  ["a scalar in a string", row(calls(call({ city: 7 }))), "argument-type"],
  ["Python's type names", withProperty({ type: "float" }), "schema-type-name"],
  ["an array without items", withProperty({ type: "array" }), "array-items"],
  ["a property without a type", withProperty({}), "property-type"],
  [
    "`required` outside the parameters",
    { name: "a", parameters: { type: "object", properties: {} }, required: ["x"] },
    "required-outside-parameters",
  ],
  [
    "`required` of an absent property",
    tool("get", { type: "object", properties: {}, required: ["a"] }),
    "required-unknown",
  ],
  [
    "`required` inside the properties",
    tool("get", { type: "object", properties: { required: ["a"] } }),
    "schema-malformed",
  ],
  ["a default outside the enum", withProperty({ type: "string", enum: ["x"], default: "y" }), "default-enum"],
  ["a default of another type", withProperty({ type: "boolean", default: "false" }), "default-type"],
  ["a default null", withProperty({ type: "string", default: null }), "default-null"],
  ["an enum of another type", withProperty({ type: "boolean", enum: ["True"] }), "enum-type"],
  ["an enum on the array", withProperty({ type: "array", items: { type: "string" }, enum: ["x"] }), "enum-on-array"],
  ["a name with a dot", tool("math.sum", { type: "object", properties: {} }), "tool-name"],
  ["two tools of one name", { messages: [ask, said("Rain.")], tools: [WEATHER, WEATHER] }, "duplicate-tool"],
  ["a schema that is no schema", withProperty({ type: "string", minLength: "3" }), "schema-malformed"],
];

for (const [mistake, record, rule] of MISTAKES) {
  test(`${mistake}: ${rule}`, () => {
    const rules = found([record]).map((finding) => finding.rule);
    assert.ok(rules.includes(rule), `found ${rules}`);
  });
}

test("the same conversations without mistakes have no findings but hints", () => {
  const right = [
    row(calls(call(oslo, "c1"), call(oslo, "c2")), result("c2"), result("c1"), said("Rain."), ask, calls(call(oslo))),
    row(
      { role: "assistant", tool_calls: [call(oslo)] },
      { role: "tool", name: "get_weather", content: "rain" },
      said("Rain."),
    ),
    mistral({ role: "assistant", tool_calls: [call(oslo, "a1B2c3D4e")] }, result("a1B2c3D4e"), said("Rain.")),
    anthropic(
      { role: "assistant", content: [use("t1"), use("t2")] },
      { role: "user", content: ["t1", "t2"].map((id) => ({ type: "tool_result", tool_use_id: id, content: "rain" })) },
      said("Rain."),
    ),
    shareGpt(asked, called, turn("observation", "rain"), turn("gpt", "Rain.")),
  ];
  for (const record of right)
    assert.deepEqual(
      found([record]).filter(({ severity }) => severity !== "hint"),
      [],
    );
});
