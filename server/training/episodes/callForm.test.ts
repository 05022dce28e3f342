import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ToolPrompt } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Tool } from "../../../schemas/tools.ts";
import { chatOf } from "../../prompts/chat.ts";
import { ChatTemplate } from "../../prompts/chatTemplate.ts";
import { TINY_TEMPLATE, tinyModelFiles } from "../../prompts/testing/tinyModel.ts";
import { Tokenizer } from "../../prompts/tokenizer.ts";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { CallForm } from "./callForm.ts";
import { sharedBeginning } from "./sharedBeginning.ts";
import { parseTurn } from "./turn.ts";

const tool = (name: string, ...parameters: string[]): Tool => ({
  type: "function",
  function: {
    name,
    parameters: {
      type: "object",
      properties: Object.fromEntries(parameters.map((one) => [one, { type: "string" }])),
      required: parameters,
    },
  },
});
const ADD = tool("add", "a", "b");
const NO_ARGUMENTS = tool("x");

const quickstart = join(import.meta.dirname, "../../../examples/quickstart/policy");
const golden = (name: string): string => join(import.meta.dirname, "../../prompts/testing/golden", name);

function formOf(dir: string): CallForm {
  return new CallForm(ChatTemplate.load(dir), Tokenizer.load(dir), ADD);
}

function tiny(t: TestContext, template = TINY_TEMPLATE): string {
  return folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
}

test("a turn begins as the template itself writes it", (t) => {
  const form = formOf(tiny(t));
  assert.equal(form.call(ADD, true), '\n<tool_call>\n{"name": "add", "arguments": {"');
  assert.equal(form.call(tool("other"), false), '<tool_call>\n{"name": "other", "arguments": {');
  assert.equal(form.answer(true), "\n<answer>");
  assert.equal(form.answer(false), "<answer>");
});

for (const dir of [quickstart, golden("qwen2")]) {
  test(`every beginning ends where a token ends, and goes on to a call (${dir.split("/").slice(-2).join("/")})`, () => {
    const [form, tokenizer] = [formOf(dir), Tokenizer.load(dir)];
    for (const one of [ADD, tool("send_money", "to", "sum"), NO_ARGUMENTS]) {
      for (const thought of ["", "I look."]) {
        const begun = form.call(one, thought !== "");
        const whole = begun.includes('"name": ')
          ? `\n<tool_call>\n{"name": "${one.function.name}", "arguments": {"a": "1"}}\n</tool_call>`
          : `\n<tool_call>\n{"name":"${one.function.name}","arguments":{"a":"1"}}\n</tool_call>`;
        const text = thought === "" ? whole.trimStart() : whole;
        assert.ok(text.startsWith(begun), `${JSON.stringify(begun)} of ${JSON.stringify(text)}`);
        assert.ok(begun.includes(`"${one.function.name}`), begun);
        if (one !== NO_ARGUMENTS) assert.match(begun, /"arguments": ?\{"?$/);
        const [tokens, all] = [tokenizer.encode(begun), tokenizer.encode(text)];
        assert.deepEqual([...all.subarray(0, tokens.length)], [...tokens]);
        assert.equal(parseTurn(thought + text).action.kind, "call");
      }
    }
  });
}

test("a beginning is cut before a token that only some texts have", () => {
  // Two letters are a token, wherever a pair begins.
  const pairs = {
    encode: (text: string) => Int32Array.from(text.match(/.{1,2}/g) ?? [], (pair) => code(pair)),
    decode: (tokens: Int32Array) => Array.from(tokens, textOf).join(""),
  };
  const code = (pair: string): number => pair.charCodeAt(0) * 256 + (pair.length > 1 ? pair.charCodeAt(1) : 0);
  const textOf = (token: number): string =>
    String.fromCharCode(token >> 8) + (token % 256 === 0 ? "" : String.fromCharCode(token % 256));
  assert.equal(sharedBeginning(["abcd", "abcx"], pairs), "ab");
  assert.equal(sharedBeginning(["abc", "abcx"], pairs), "ab");
  assert.equal(sharedBeginning(["abcd", "abcdx"], pairs), "abcd");
  assert.equal(sharedBeginning(["a", "b"], pairs), "");
});

test("a template that cannot show an episode is named in one sentence", (t) => {
  const refused = (dir: string): string => faultOf(dir, () => formOf(dir));
  const without = (part: string, other = ""): string => {
    assert.ok(TINY_TEMPLATE.includes(part));
    return tiny(t, TINY_TEMPLATE.replace(part, other));
  };
  assert.equal(
    refused(without('if message.role != "system"', 'if message.role not in ["system", "tool"]')),
    "tokenizer_config.json: Episodes cannot be played with this chat template: it does not show what a tool answered (messages of the role tool).",
  );
  assert.match(
    refused(without(" + message.content }}\n{%- for call", ' + "" }}\n{%- for call')),
    /does not show the thought before a call/,
  );
  assert.match(refused(without('"name": ', '"function": ')), /does not write a call as <tool_call>/);
  assert.match(
    refused(without('{{- "<|end|>\\n" }}\n{%- endfor %}', '{{- "\\n" }}\n{%- endfor %}')),
    /does not end a turn with a token/,
  );
  assert.match(
    refused(
      tiny(t, `{%- if messages[-1].role == "tool" %}{{ raise_exception("No tools here") }}{% endif %}${TINY_TEMPLATE}`),
    ),
    /^tokenizer_config\.json: Episodes cannot be played with this chat template\. The chat template fails on these messages: .*No tools here/,
  );
  for (const [name, why] of [
    ["llama3", /does not show the thought|does not write a call/],
    ["smollm2", /does not write a call as/],
  ] as const)
    assert.match(refused(golden(name)), why);
});

for (const name of ["llama3", "smollm2"]) {
  test(`episodes are played with a template that has no form for them, told in the texts of messages (${name})`, () => {
    const [dir, tokenizer] = [golden(name), Tokenizer.load(golden(name))];
    const form = new CallForm(chatOf(ChatTemplate.load(dir), "auto"), tokenizer, ADD);
    const begun = form.call(ADD, true);
    assert.match(begun, /^\n<tool_call>\n\{"name": "add", "arguments": ?\{"?$/);
    assert.ok('\n<tool_call>\n{"name": "add", "arguments": {"a": "1"}}'.startsWith(begun));
    assert.equal(form.call(ADD, false), begun.slice(1));
  });
}

/** What a turn with a call begins with, or why there is none. */
function playedBy(t: TestContext, template: string, kind: string, toolPrompt: ToolPrompt): string {
  const tokenizer = Tokenizer.load(golden(kind));
  const config = readFileSync(join(golden(kind), "tokenizer_config.json"), "utf8");
  const dir = folderWith(t, { "tokenizer_config.json": config, "chat_template.jinja": template });
  try {
    return new CallForm(chatOf(ChatTemplate.load(dir), toolPrompt), tokenizer, ADD).call(ADD, true);
  } catch (error) {
    assert.ok(error instanceof InputError, `${error}`);
    return error.message;
  }
}

const TEMPLATES = process.env.TOOLEXPANDER_CHAT_TEMPLATES;

test("the families' own templates: Qwen's play, Llama's where they are told, others say why not", {
  skip: TEMPLATES === undefined,
}, (t) => {
  const folder = TEMPLATES ?? "";
  const played = (toolPrompt: ToolPrompt): Map<string, string> =>
    new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith(".jinja"))
        .map((name) => {
          const text = readFileSync(join(folder, name), "utf8");
          return [name, playedBy(t, text, name.startsWith("llama") ? "llama3" : "qwen2", toolPrompt)];
        }),
    );
  const [own, of] = [played("template"), played("auto")];
  const form = /^\n<tool_call>\n\{"name": "add", "arguments": \{"$/;
  const qwens = ["qwen2_5.jinja", "qwen3.jinja", "qwen3_instruct_2507.jinja"];
  for (const name of qwens) assert.match(own.get(name) ?? "", form, name);
  const llamas = ["llama3.jinja", "llama3_1.jinja", "llama3_2.jinja"];
  for (const name of [...qwens, ...llamas]) assert.match(of.get(name) ?? "", form, name);
  assert.ok(
    [...own.values(), ...of.values()].every(
      (text) => text.startsWith("\n<tool_call>") || /^Episodes cannot be played/.test(text),
    ),
  );
});
