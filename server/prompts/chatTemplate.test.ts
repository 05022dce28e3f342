import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { Tool } from "../../schemas/tools.ts";
import { loadCatalog } from "../toolcalls/catalog.ts";
import { parseExactJson } from "../toolcalls/json.ts";
import { faultOf, folderWith } from "../toolcalls/testing/files.ts";
import { type ChatMessage, ChatTemplate } from "./chatTemplate.ts";
import { tinyModelFiles } from "./testing/tinyModel.ts";

const tool: Tool = {
  type: "function",
  function: { name: "find", description: "Finds “it”.", parameters: { type: "object" } },
};
const hello: ChatMessage[] = [{ role: "user", content: "hello" }];

const withTemplate = (t: TestContext, template: unknown): ChatTemplate =>
  ChatTemplate.load(folderWith(t, tinyModelFiles({ config: { chat_template: template } })));

test("renders messages, tools and the generation prompt", (t) => {
  const template = ChatTemplate.load(folderWith(t, tinyModelFiles()));
  assert.equal(
    template.render(hello, [tool], true),
    "<|start|>system\nCall tools.\n<tools>\n" +
      '{"type": "function", "function": {"name": "find", "description": "Finds “it”.", "parameters": {"type": "object"}}}\n' +
      "</tools><|end|>\n<|start|>user\nhello<|end|>\n<|start|>assistant\n",
  );
  assert.equal(template.render(hello, [], false), "<|start|>system\nCall tools.<|end|>\n<|start|>user\nhello<|end|>\n");
});

test("an answer is written with its numbers exact, and no text of a user is taken for one", (t) => {
  const template = ChatTemplate.load(folderWith(t, tinyModelFiles()));
  const call = (json: string): ChatMessage[] => [
    ...hello,
    {
      role: "assistant",
      content: "",
      tool_calls: [
        { type: "function", function: { name: "find", arguments: parseExactJson(json) as Record<string, unknown> } },
      ],
    },
  ];
  assert.match(
    template.render(call('{"id":12345678901234567890,"list":[{"x":1e400}],"n":1.5}'), [tool], false),
    /\{"name": "find", "arguments": \{"id": 12345678901234567890, "list": \[\{"x": 1e400\}\], "n": 1\.5\}\}\n<\/tool_call><\|end\|>\n$/,
  );
  assert.match(template.render(call('{"x":"\\u00000\\u0000"}'), [tool], false), /\{"x": "\\u00000\\u0000"\}/);
});

test("a tool of a catalog stands in the prompt as it stands in its file", (t) => {
  const parameters =
    '{"type": "object", "properties": {"10": {"default": 1.0, "maximum": 1e3}, "2": {"minimum": 0.50}}}';
  const catalog = `[{"type": "function", "function": {"name": "find", "parameters": ${parameters}}}]`;
  const folder = folderWith(t, { ...tinyModelFiles(), "a.tools.json": catalog });
  const tools = [...loadCatalog([`${folder}/a.tools.json`]).values()];
  const shown = parameters.replace("1e3", "1000.0").replace("0.50", "0.5");
  assert.ok(ChatTemplate.load(folder).render(hello, tools, true).includes(`"parameters": ${shown}`));
});

test("special tokens and the usual helpers are known to a template; the date stands still", (t) => {
  const source =
    "{{ eos_token }}{{ pad_token }}{% for i in range(2) %}{{ i }}{% endfor %}{% for i in range(1, 6, 2) %}{{ i }}{% endfor %}" +
    '{{ strftime_now("%d %b %Y") }}{{ True and not none }}{{ tools is none }}{% set n = namespace(a=1) %}{{ n.a }}';
  assert.equal(withTemplate(t, source).render(hello, [], true), "<|end|><|pad|>0113526 Jul 2024TrueTrue1");
});

test("of several templates the one for tools is taken; a file of its own comes first", (t) => {
  const named = [
    { name: "default", template: "default" },
    { name: "tool_use", template: "tools" },
  ];
  assert.equal(withTemplate(t, named).render(hello, [tool], true), "tools");
  assert.equal(withTemplate(t, named).render(hello, [], true), "default");
  assert.equal(withTemplate(t, named.slice(0, 1)).render(hello, [], true), "default");
  const folder = folderWith(t, { ...tinyModelFiles(), "chat_template.jinja": "own" });
  assert.equal(ChatTemplate.load(folder).render(hello, [], true), "own");
});

test("a missing, broken or failing template is named", (t) => {
  const fault = (template: unknown): string => {
    const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
    return faultOf(folder, () => ChatTemplate.load(folder).render(hello, [], true));
  };
  assert.match(fault(null), /^tokenizer_config\.json \(chat_template\): The model directory has no chat template/);
  assert.match(fault([]), /has no chat template/);
  assert.match(fault("{% if %}"), /^tokenizer_config\.json: The chat template cannot be parsed: /);
  assert.match(
    fault('{{ raise_exception("roles must alternate") }}'),
    /^tokenizer_config\.json: The chat template fails on these messages: roles must alternate\.$/,
  );
});
