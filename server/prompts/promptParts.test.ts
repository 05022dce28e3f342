import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Sample } from "../../schemas/samples.ts";
import type { Tool } from "../../schemas/tools.ts";
import { folderWith } from "../toolcalls/testing/files.ts";
import { ChatTemplate } from "./chatTemplate.ts";
import { promptParts } from "./promptParts.ts";
import { PromptRenderer } from "./promptRenderer.ts";
import { TINY_TEMPLATE, tinyModelFiles } from "./testing/tinyModel.ts";
import { Tokenizer } from "./tokenizer.ts";

/** Its description says what a demonstration asks. */
const tool: Tool = { type: "function", function: { name: "find", description: "Find Bern" } };
const sample: Sample = { id: "s", query: "Find Rome", tools: ["find"], answer: [] };
const shown = [
  { query: "Find Bern", answer: [{ name: "find", arguments: { city: "Bern" } }], thought: "A city." },
  { query: "Sing", answer: [] },
];

/** Tools stand in the last user's turn, and no line says who speaks. */
const INLINE = `{%- for message in messages %}
{%- if message.role == "user" %}{{ "[INST]" }}{% if tools and loop.last %}{{ "[TOOLS]" + (tools | tojson) + "[/TOOLS]" }}{% endif %}{{ message.content + "[/INST]" }}
{%- else %}{{ message.content }}{% for call in message.tool_calls or [] %}{{ call.function | tojson }}{% endfor %}{{ "<|end|>" }}{% endif %}
{%- endfor %}`;

function rendererOf(t: test.TestContext, template: string): PromptRenderer {
  const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
  return new PromptRenderer(Tokenizer.load(folder), ChatTemplate.load(folder), new Map([["find", tool]]));
}

test("a prompt of the ChatML kind falls into its turns, its tools apart", (t) => {
  const { parts, text, tokens } = rendererOf(t, TINY_TEMPLATE).marked(sample, shown);
  assert.deepEqual(
    parts.map(({ kind, demonstration }) => [kind, demonstration]),
    [
      ["system", undefined],
      ["tools", undefined],
      ["system", undefined],
      ["question", 0],
      ["answer", 0],
      ["question", 1],
      ["answer", 1],
      ["query", undefined],
      ["opening", undefined],
    ],
  );
  assert.equal(parts.map((part) => part.text).join(""), text);
  assert.equal(parts[3]?.text, "<|start|>user\nFind Bern");
  assert.match(parts[4]?.text ?? "", /^<\|end\|>\n<\|start\|>assistant\nA city\.\n<tool_call>.*<\|end\|>\n$/s);
  assert.equal(parts[7]?.text, "<|start|>user\nFind Rome");
  assert.match(parts[1]?.text ?? "", /"description": "Find Bern"/);
  const sum = parts.reduce((total, part) => total + part.tokens, 0);
  assert.ok(Math.abs(sum - tokens.length) <= parts.length, `${sum} beside ${tokens.length}`);
});

/** A system turn only where there are tools. */
const ONLY_WITH_TOOLS = `{%- if tools %}{{ "<|start|>system\\n" }}{% for tool in tools %}{{ tool | tojson }}{% endfor %}{{ "<|end|>\\n" }}{% endif %}
{%- for message in messages %}{{ "<|start|>" + message.role + "\\n" + message.content + "<|end|>\\n" }}{% endfor %}{{ "<|start|>assistant\\n" }}`;

test("a turn that is there for the tools alone is theirs as a whole", (t) => {
  const { parts } = rendererOf(t, ONLY_WITH_TOOLS).marked(sample, shown);
  assert.deepEqual(
    parts.slice(0, 2).map(({ kind, text }) => [kind, text.slice(0, 20)]),
    [
      ["tools", '<|start|>system\n{"ty'],
      ["question", "<|start|>user\nFind B"],
    ],
  );
});

test("tools in the last turn of a template without lines are found too", (t) => {
  const { parts, text } = rendererOf(t, INLINE).marked(sample, shown);
  assert.equal(parts.map((part) => part.text).join(""), text);
  const tools = parts.filter(({ kind }) => kind === "tools");
  assert.equal(tools.length, 1);
  assert.match(tools[0]?.text ?? "", /"name":\s*"find"/);
  assert.equal(parts.find(({ kind }) => kind === "query")?.text.endsWith("Find Rome"), true);
  assert.deepEqual(
    parts
      .filter(({ kind }) => kind === "question")
      .map((part) => part.text.endsWith(shown[part.demonstration ?? 9]?.query ?? "?")),
    [true, true],
  );
});

test("tools that a style writes into its system message are found in it", (t) => {
  const { parts, text } = rendererOf(t, TINY_TEMPLATE).marked({ ...sample, style: "tool-n1" }, shown);
  assert.equal(parts.map((part) => part.text).join(""), text);
  const tools = parts.filter(({ kind }) => kind === "tools");
  assert.equal(tools.length, 1);
  assert.match(tools[0]?.text ?? "", /"name":"find"/);
  assert.deepEqual(parts.map(({ kind }) => kind).slice(-3), ["answer", "query", "opening"]);
});

test("whatever the texts are, the parts are the whole of it", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", " ", "<") });
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 4 }), (whole, toolless, queries) => {
      const parts = promptParts(whole, toolless, queries);
      assert.equal(parts.map((part) => part.text).join(""), whole);
      assert.ok(parts.every((part) => part.text !== ""));
    }),
    { seed: 11, numRuns: 2000 },
  );
});
