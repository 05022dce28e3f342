import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import { faultOf, folderWith } from "../toolcalls/testing/files.ts";
import { tinyModelFiles, tinyTokenizer } from "./testing/tinyModel.ts";
import { Tokenizer } from "./tokenizer.ts";

const load = (t: TestContext, changes: Parameters<typeof tinyModelFiles>[0] = {}): Tokenizer =>
  Tokenizer.load(folderWith(t, tinyModelFiles(changes)));

function loadFault(t: TestContext, files: Record<string, string>): string {
  const folder = folderWith(t, files);
  return faultOf(folder, () => Tokenizer.load(folder)).replaceAll(folder, "model");
}

test("knows its size and its special tokens", (t) => {
  const tokenizer = load(t);
  assert.equal(tokenizer.size, 256 + 8 + 5);
  assert.equal(tokenizer.eos, 264);
  assert.equal(tokenizer.eosText, "<|end|>");
  assert.equal(tokenizer.pad, 266);
  assert.equal(load(t, { config: { pad_token: null } }).pad, 264);
});

test("merges by rank, keeps special tokens whole and adds nothing", (t) => {
  const tokenizer = load(t);
  const idOf = (text: string): number => (tinyTokenizer().model as { vocab: Record<string, number> }).vocab[text] ?? -1;
  assert.deepEqual([...tokenizer.encode("name the")], [idOf("name"), idOf("Ġthe")]);
  assert.deepEqual([...tokenizer.encode("<|start|>x<|end|>\n")], [265, idOf("x"), 264, idOf("Ċ")]);
  assert.deepEqual([...tokenizer.encode("")], []);
  assert.ok(tokenizer.encode("x") instanceof Int32Array);
});

test("any well-formed text comes back as it was", (t) => {
  const tokenizer = load(t);
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("the", " ", ".", " .", " n't", "<tool_call>", "\n", "é", "🍣", "\ufeff"))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (written) => {
      fc.pre(written.isWellFormed());
      assert.equal(tokenizer.decode(tokenizer.encode(written)), written);
    }),
    { seed: 8, numRuns: 300 },
  );
});

test("decoding leaves special tokens out unless asked, but never the tags of a tool call", (t) => {
  const text = "<|start|>a <tool_call>b</tool_call><|end|><|pad|>";
  const tokenizer = load(t);
  const ids = tokenizer.encode(text);
  assert.equal(tokenizer.decode(ids), "a <tool_call>b</tool_call>");
  assert.equal(tokenizer.decode(ids, { keepSpecial: true }), text);
  const added = (tinyTokenizer().added_tokens as { special: boolean }[]).map((token) => ({ ...token, special: true }));
  assert.equal(load(t, { tokenizer: { added_tokens: added } }).decode(ids), "a <tool_call>b</tool_call>");
  assert.equal(tokenizer.decode([]), "");
});

test("what is no text is shown as such: broken UTF-8 and ids without a token", (t) => {
  const tokenizer = load(t);
  const [first] = tokenizer.encode("é");
  assert.equal(tokenizer.decode([first ?? 0]), "\ufffd");
  assert.equal(tokenizer.decode([...tokenizer.encode("a"), 5000, -1, ...tokenizer.encode("b")]), "a\ufffd\ufffdb");
});

test("a character outside an incomplete vocabulary is refused, not dropped", (t) => {
  const { model } = tinyTokenizer() as { model: { vocab: Record<string, number> } };
  const { z: _, ...vocab } = model.vocab;
  const folder = folderWith(t, tinyModelFiles({ tokenizer: { model: { ...model, vocab } } }));
  const tokenizer = Tokenizer.load(folder);
  assert.equal(tokenizer.decode(tokenizer.encode("abc é")), "abc é");
  assert.equal(
    faultOf(folder, () => tokenizer.encode("abz")),
    'tokenizer.json: The tokenizer has no token for "z".',
  );
});

test("a tokenizer larger than the model's vocabulary is refused", (t) => {
  const folder = folderWith(t, tinyModelFiles());
  const tokenizer = Tokenizer.load(folder);
  tokenizer.checkAgainst(269);
  tokenizer.checkAgainst(1000);
  assert.match(
    faultOf(folder, () => tokenizer.checkAgainst(268)),
    /^tokenizer\.json: The tokenizer has ids up to 268, but the model's vocab_size is 268/,
  );
});

test("names what a model directory lacks", (t) => {
  const { "tokenizer.json": tokenizer, "tokenizer_config.json": config } = tinyModelFiles() as Record<string, string>;
  assert.match(
    loadFault(t, { "tokenizer_config.json": config ?? "" }),
    /^model: The model directory has no tokenizer\.json/,
  );
  assert.match(
    loadFault(t, { "tokenizer.json": tokenizer ?? "" }),
    /^model: The model directory has no tokenizer_config\.json/,
  );
  assert.match(
    loadFault(t, { ...tinyModelFiles(), "tokenizer.json": "{" }),
    /^tokenizer\.json: This file cannot be read as JSON/,
  );
  assert.match(
    loadFault(t, { ...tinyModelFiles(), "tokenizer.json": "[]" }),
    /^tokenizer\.json: This file must hold a JSON object/,
  );
  assert.match(
    loadFault(t, { ...tinyModelFiles(), "tokenizer.json": "{}" }),
    /^tokenizer\.json: This tokenizer cannot be used: /,
  );
  assert.match(
    loadFault(t, tinyModelFiles({ config: { eos_token: null } })),
    /^tokenizer_config\.json \(eos_token\): The tokenizer names no eos_token/,
  );
  assert.match(
    loadFault(t, tinyModelFiles({ config: { eos_token: "</s>" } })),
    /\(eos_token\): The eos_token "<\/s>" is not in the tokenizer's vocabulary\.$/,
  );
});

test("an id that is none, or far beyond all others, is refused before anything counts up to it", (t) => {
  const { model, added_tokens: added } = tinyTokenizer() as {
    model: { vocab: Record<string, number> };
    added_tokens: { id: unknown }[];
  };
  for (const id of [2 ** 31, 1e300, -1, 1.5, null, "7", { "": 4 }]) {
    const vocab = { ...model.vocab, the: id };
    for (const tokenizer of [
      { model: { ...model, vocab } },
      { added_tokens: [{ ...added[0], id }, ...added.slice(1)] },
    ])
      assert.match(
        faultOf("nowhere", () => Tokenizer.load(folderWith(t, tinyModelFiles({ tokenizer })))),
        /This tokenizer cannot be used: the id of its token ".*" is .*, and \d+ tokens have ids from 0 to \d+/,
      );
  }
});

test("a step that is none is a sentence when its turn comes", (t) => {
  const step = { type: "TemplateProcessing", single: ["x"], pair: [], special_tokens: {} };
  const folder = folderWith(t, tinyModelFiles({ tokenizer: { post_processor: step } }));
  assert.match(
    faultOf(folder, () => Tokenizer.load(folder).encode("the")),
    /^tokenizer\.json: This tokenizer cannot be used: /,
  );
});

test("a decoder that is none is a sentence before anything is sampled", (t) => {
  const decoder = { type: "Sequence", decoders: [{ type: "ByteFallback" }, null] };
  assert.match(
    loadFault(t, tinyModelFiles({ tokenizer: { decoder } })),
    /^tokenizer\.json: This tokenizer cannot be used: /,
  );
});

test("an unknown token that is no text is a sentence like any other", (t) => {
  const { model } = tinyTokenizer() as { model: object };
  // Without bytes as tokens, whose absence is told before.
  const tokenizer = {
    pre_tokenizer: null,
    decoder: null,
    model: { ...model, vocab: { a: 0, "<|end|>": 1, "<|pad|>": 2 }, merges: [], unk_token: { toString: 1 } },
  };
  const folder = folderWith(t, tinyModelFiles({ tokenizer }));
  assert.match(
    faultOf(folder, () => Tokenizer.load(folder).encode("b")),
    /^tokenizer\.json: The tokenizer has no token for ".*"\.$/,
  );
});
