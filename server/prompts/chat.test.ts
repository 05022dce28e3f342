import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Tool } from "../../schemas/tools.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import { folderWith } from "../toolcalls/testing/files.ts";
import { chatOf, notesOf } from "./chat.ts";
import { type ChatMessage, ChatTemplate } from "./chatTemplate.ts";
import { TINY_TEMPLATE, tinyModelFiles } from "./testing/tinyModel.ts";

const golden = (name: string): string => join(import.meta.dirname, "testing/golden", name);

const templateOf = (t: TestContext, template: string): ChatTemplate =>
  ChatTemplate.load(folderWith(t, tinyModelFiles({ config: { chat_template: template } })));

const WEATHER: Tool = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const call = (name: string, values: Record<string, unknown>): NonNullable<ChatMessage["tool_calls"]>[number] => ({
  type: "function",
  function: { name, arguments: values },
});
const QUESTION: ChatMessage = { role: "user", content: "Rain in Bern?" };
const CALLS: ChatMessage = {
  role: "assistant",
  content: "I look.",
  tool_calls: [call("weather", { city: "Bern" }), call("weather", { city: "Thun" })],
};
const RESULT: ChatMessage = { role: "tool", name: "weather", content: "rain" };

/** Turns alone, without a word of tools. */
const PLAIN = `{%- for message in messages %}
{{- "<|start|>" + message.role + "\\n" + message.content + "<|end|>\\n" }}
{%- endfor %}
{%- if add_generation_prompt %}{{ "<|start|>assistant\\n" }}{% endif %}`;

const SECTION = `# Tools

These tools can be called, each as JSON:
<tools>
{"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
</tools>

For each call write its name and arguments as one JSON object inside <tool_call></tool_call>:
<tool_call>
{"name": "name of a tool", "arguments": {"name of a parameter": "its value"}}
</tool_call>
Where none of the tools serves, say so.`;

const WRITTEN = `I look.
<tool_call>
{"name": "weather", "arguments": {"city": "Bern"}}
</tool_call>
<tool_call>
{"name": "weather", "arguments": {"city": "Thun"}}
</tool_call>`;

test("a template that has the form of calls brings it, unless the system message is asked for", (t) => {
  for (const template of [ChatTemplate.load(golden("qwen2")), templateOf(t, TINY_TEMPLATE)]) {
    assert.equal(chatOf(template, "auto"), template);
    assert.equal(chatOf(template, "template"), template);
    assert.equal(chatOf(template, "system").told, true);
    assert.deepEqual(notesOf(chatOf(template, "auto"), "auto"), []);
    assert.deepEqual(notesOf(chatOf(template, "system"), "system"), []);
  }
});

test("for a template that shows no tools the system message tells of them, and calls and results are texts", (t) => {
  const chat = chatOf(templateOf(t, PLAIN), "auto");
  assert.equal(
    chat.render([QUESTION, CALLS, RESULT], [WEATHER], true),
    `<|start|>system\n${SECTION}<|end|>\n<|start|>user\nRain in Bern?<|end|>\n<|start|>assistant\n${WRITTEN}<|end|>\n` +
      "<|start|>user\n<tool_response>\nrain\n</tool_response><|end|>\n<|start|>assistant\n",
  );
  assert.match(notesOf(chat, "auto").join(), /so the system message shows .* \(settings\.toolPrompt\)/);
  assert.equal(chat.render([QUESTION], [], true), "<|start|>user\nRain in Bern?<|end|>\n<|start|>assistant\n");
});

test("what a person says in the system message stands before the tools", (t) => {
  const chat = chatOf(templateOf(t, PLAIN), "auto");
  const text = chat.render([{ role: "system", content: "Be brief." }, QUESTION], [WEATHER], false);
  assert.equal(text, `<|start|>system\nBe brief.\n\n${SECTION}<|end|>\n<|start|>user\nRain in Bern?<|end|>\n`);
});

const REFUSING = `{%- if messages[0].role == "system" %}{{ raise_exception("System role not supported") }}{% endif %}${PLAIN}`;
const LAST = `{%- set system = messages[0].content if messages[0].role == "system" else "" %}
{%- for message in messages if message.role != "system" %}
{{- "<|start|>" + message.role + "\\n" + (system + "\\n" if loop.last and system else "") + message.content + "<|end|>\\n" }}
{%- endfor %}
{%- if add_generation_prompt %}{{ "<|start|>assistant\\n" }}{% endif %}`;
const SILENT = PLAIN.replace("in messages", 'in messages if message.role != "system"');

for (const [how, template] of Object.entries({ refuses: REFUSING, "moves to the end": LAST, "leaves out": SILENT })) {
  test(`where a template ${how} a system message, the first question begins with it`, (t) => {
    const chat = chatOf(templateOf(t, template), "auto");
    const prompt = chat.render([QUESTION], [WEATHER], true);
    assert.equal(prompt, `<|start|>user\n${SECTION}\n\nRain in Bern?<|end|>\n<|start|>assistant\n`);
    assert.ok(chat.render([QUESTION, CALLS, RESULT], [WEATHER], true).startsWith(prompt));
  });
}

const OTHER_CALLS = TINY_TEMPLATE.replaceAll("<tool_call>", "[CALL]").replaceAll("</tool_call>", "[/CALL]");
const OTHER_KEYS = TINY_TEMPLATE.replace('"arguments": ', '"parameters": ');
const FAILS_ON_TOOLS = `{%- if tools %}{{ raise_exception("no tools") }}{% endif %}${PLAIN}`;

for (const [what, template] of Object.entries({
  "calls between other tags": OTHER_CALLS,
  "calls with other keys": OTHER_KEYS,
  "no tools at all": PLAIN,
  "an error for tools": FAILS_ON_TOOLS,
})) {
  test(`a template with ${what} is told of both, and what follows its prompt is read as the same calls`, (t) => {
    const chat = chatOf(templateOf(t, template), "auto");
    assert.equal(chat.told, true);
    const prompt = chat.render([QUESTION], [WEATHER], true);
    const whole = chat.render([QUESTION, CALLS], [WEATHER], false);
    assert.ok(whole.startsWith(prompt));
    assert.deepEqual(parseCompletion(whole.slice(prompt.length)), {
      calls: [
        { name: "weather", arguments: { city: "Bern" } },
        { name: "weather", arguments: { city: "Thun" } },
      ],
      formatOk: true,
    });
  });
}

test("turns alternate: what one side says in several messages is one", (t) => {
  const chat = chatOf(templateOf(t, PLAIN), "auto");
  const text = chat.render([QUESTION, CALLS, RESULT, { ...RESULT, content: "sun" }], [WEATHER], true);
  const results = "<tool_response>\nrain\n</tool_response>\n\n<tool_response>\nsun\n</tool_response>";
  assert.ok(text.endsWith(`<|start|>user\n${results}<|end|>\n<|start|>assistant\n`), text);
});
