/** What a model directory may hold, and which of its files counts: eos in three files, templates in four places, tokens in two. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import type { Sample } from "../../schemas/samples.ts";
import type { Tool } from "../../schemas/tools.ts";
import { faultOf, folderWith } from "../toolcalls/testing/files.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../toolcalls/testing/names.ts";
import { ChatTemplate } from "./chatTemplate.ts";
import { PromptRenderer } from "./promptRenderer.ts";
import { specialTokens } from "./specialTokens.ts";
import { checkTemplateTokens } from "./templateTokens.ts";
import { TINY_TEMPLATE, tinyModelFiles, tinyTokenizer } from "./testing/tinyModel.ts";
import { Tokenizer } from "./tokenizer.ts";

const GOLDEN = path.join(import.meta.dirname, "testing/golden");
const tool: Tool = { type: "function", function: { name: "find" } };
const sample: Sample = { id: "s", query: "Find Bern", tools: ["find"], answer: [{ name: "find", arguments: {} }] };

function directory(
  t: TestContext,
  files: Record<string, unknown>,
  changes: Parameters<typeof tinyModelFiles>[0] = {},
): string {
  const more = Object.entries(files).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return folderWith(t, { ...tinyModelFiles(changes), ...Object.fromEntries(more) });
}

test("completions end at every eos of generation_config.json; the tokenizer's own is written", (t) => {
  const tokenizer = Tokenizer.load(
    directory(t, { "generation_config.json": { eos_token_id: [265, 264], pad_token_id: 266 } }),
  );
  assert.deepEqual([...tokenizer.endings], [265, 264]);
  assert.deepEqual(tokenizer.endingTexts, ["<|start|>", "<|end|>"]);
  assert.equal(tokenizer.eos, 264);
  const single = Tokenizer.load(directory(t, { "config.json": { eos_token_id: 264 } }));
  assert.deepEqual([...single.endings], [264]);
  const none = Tokenizer.load(directory(t, { "config.json": { eos_token_id: null } }));
  assert.deepEqual([...none.endings], [264]);
});

test("where generation does not stop at the tokenizer's eos, what is written is one at which it does", (t) => {
  const generation = { "generation_config.json": { eos_token_id: [266] } };
  const folder = directory(t, generation, { config: { eos_token: "<|start|>" } });
  assert.equal(Tokenizer.load(folder).eosText, "<|pad|>");
  const unnamed = Tokenizer.load(
    directory(t, { "generation_config.json": { eos_token_id: 264 } }, { config: { eos_token: null } }),
  );
  assert.equal(unnamed.eos, 264);
});

test("a target ends at whichever eos the template writes", (t) => {
  const generation = { "generation_config.json": { eos_token_id: [266, 264] } };
  const template = TINY_TEMPLATE.replaceAll('"<|end|>\\n" }}\n{%- endfor', '"<|pad|>\\n" }}\n{%- endfor');
  const folder = directory(t, generation, { config: { chat_template: template } });
  const renderer = new PromptRenderer(Tokenizer.load(folder), ChatTemplate.load(folder), new Map([["find", tool]]));
  assert.match(renderer.target(sample).text, /<\/tool_call><\|pad\|>$/);
});

test("an eos that is no id is refused with its place", (t) => {
  for (const id of ["</s>", -1, 1.5, ["a"]]) {
    const folder = directory(t, { "generation_config.json": { eos_token_id: id } });
    assert.equal(
      faultOf(folder, () => Tokenizer.load(folder)),
      "generation_config.json (eos_token_id): This must be a token's id or a list of ids.",
    );
  }
});

for (const bad of BAD_NAMES) {
  test(`told inert and short: ${bad.what} in files of the tokenizer and the template`, (t) => {
    for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
      const folder = directory(t, { [name]: `{"a": ${bad.name}}` });
      inertFaultOf(() => Tokenizer.load(folder));
    }
    const unknown = directory(t, {}, { config: { eos_token: bad.name } });
    assertToldInertly(bad, () => Tokenizer.load(unknown));
    const names = [bad.name, ...Array.from({ length: 5000 }, (_, number) => `template ${number}`)];
    const templates = names.map((name) => ({ name, template: TINY_TEMPLATE }));
    const choice = directory(t, {}, { config: { chat_template: templates } });
    assertToldInertly(bad, () => ChatTemplate.load(choice));
  });
}

test("special tokens are those of tokenizer_config.json, and of special_tokens_map.json beside an older one", (t) => {
  const map = { "special_tokens_map.json": { eos_token: { content: "<|pad|>" }, unk_token: "<|start|>" } };
  const older = directory(t, map);
  assert.equal(Tokenizer.load(older).eosText, "<|pad|>");
  const newer = directory(t, map, { config: { added_tokens_decoder: {} } });
  assert.equal(Tokenizer.load(newer).eosText, "<|end|>");
  const named = specialTokens(newer, {
    added_tokens_decoder: {},
    eos_token: "a",
    bos_token: null,
    extra_special_tokens: { image_token: "<i>" },
  });
  assert.deepEqual(
    [...named],
    [
      ["eos_token", "a"],
      ["image_token", "<i>"],
    ],
  );
});

test("added tokens of tokenizer_config.json count before those of tokenizer.json", (t) => {
  const added_tokens_decoder = {
    "269": { content: "<new>", special: true, normalized: false },
    "267": { content: "<tool_call>", special: true, normalized: false },
    "104": { content: "the", special: true, normalized: false },
  };
  const tokenizer = Tokenizer.load(directory(t, {}, { config: { added_tokens_decoder } }));
  const { vocab } = tinyTokenizer().model as { vocab: Record<string, number> };
  assert.deepEqual([...tokenizer.encode("<new><tool_call>")], [269, 267]);
  assert.equal(tokenizer.size, 270);
  assert.deepEqual([...tokenizer.encode("nathe")], [vocab.na, vocab.the]);
  assert.equal(tokenizer.decode(tokenizer.encode("a<new>b")), "ab");
});

test("what the library would get wrong without a word is refused", (t) => {
  const fault = (tokenizer: Record<string, unknown>): string => {
    const folder = directory(t, {}, { tokenizer });
    return faultOf(folder, () => Tokenizer.load(folder));
  };
  const split = { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false };
  assert.equal(
    fault({ pre_tokenizer: split }),
    'tokenizer.json: This tokenizer cannot be used: its pre-tokenizer splits with the behavior "MergedWithPrevious", which is not supported.',
  );
  const word = { id: 300, content: "word", single_word: true, special: false };
  assert.match(fault({ added_tokens: [word] }), /its added token "word" is a single word, which is not supported\.$/);
});

test("templates: a file of its own, files of a folder, a key with one, a key with several", (t) => {
  const text = (files: Record<string, unknown>, chat_template: unknown, tools: Tool[]): string =>
    ChatTemplate.load(directory(t, files, { config: { chat_template } })).render(
      [{ role: "user", content: "x" }],
      tools,
      true,
    );
  const extra = { "additional_chat_templates/tool_use.jinja": "folder" };
  assert.equal(text({ "chat_template.jinja": "file", ...extra }, "key", []), "file");
  assert.equal(text({ "chat_template.jinja": "file", ...extra }, "key", [tool]), "folder");
  assert.equal(text(extra, "key", [tool]), "folder");
  assert.equal(text({}, "key", [tool]), "key");
  const named = [
    { name: "rag", template: "rag" },
    { name: "default", template: "default" },
  ];
  assert.equal(text({}, named, [tool]), "default");
  const folder = directory(t, {}, { config: { chat_template: named.slice(0, 1) } });
  assert.match(
    faultOf(folder, () => ChatTemplate.load(folder)),
    /has the chat templates "rag", and none is named "default" or "tool_use"; rename one of them\.$/,
  );
});

test("a template that writes the first token gets it once, and one that does not gets none", () => {
  const folder = path.join(GOLDEN, "llama3");
  const tokenizer = Tokenizer.load(folder);
  const text = ChatTemplate.load(folder).render([{ role: "user", content: "hello" }], [], true);
  const bos = tokenizer.encode("<|begin_of_text|>")[0];
  assert.equal(tokenizer.encode(text).filter((id) => id === bos).length, 1);
  assert.equal(tokenizer.encode("hello").includes(bos ?? -1), false);
});

test("a template of another model, whose tokens the tokenizer does not have, is named with the first of them", (t) => {
  const folder = directory(t, {
    "chat_template.jinja": readFileSync(path.join(GOLDEN, "qwen2/chat_template.jinja"), "utf8"),
  });
  assert.match(
    faultOf(folder, () => checkTemplateTokens(Tokenizer.load(folder), ChatTemplate.load(folder))),
    /^chat_template\.jinja: The chat template writes "<\|im_start\|>", which is no token of this model: its tokenizer cuts it into \d+ pieces\. Take template and tokenizer of the same model\.$/,
  );
  for (const kind of ["qwen2", "llama3", "smollm2"]) {
    const own = path.join(GOLDEN, kind);
    checkTemplateTokens(Tokenizer.load(own), ChatTemplate.load(own));
  }
});

test("a template that refuses the trial conversation is not judged by it", (t) => {
  const folder = directory(t, { "chat_template.jinja": "{{ raise_exception('system message needed') }}" });
  checkTemplateTokens(Tokenizer.load(folder), ChatTemplate.load(folder));
});
