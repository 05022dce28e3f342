/** What the committed tokenizer and chat template promise; the numbers are those of the workspace's README. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { NO_TOOL_ANSWER } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { addedTokens, trainTokenizer } from "./bpe.ts";
import { catalog } from "./catalog.ts";
import { answerText } from "./completionText.ts";
import { drawDataset, toSample } from "./dataset.ts";
import { rendererIn, VOCABULARY_SIZE } from "./policyFiles.ts";
import { warmupRows } from "./warmupRows.ts";

const dir = fileURLToPath(new URL("../../examples/quickstart/policy", import.meta.url));
const tokenizer = Tokenizer.load(dir);
const renderer = rendererIn(dir);
const { train, heldOut } = drawDataset();
const samples = [
  ...train.map((row, index) => toSample("train", row, index, train.length)),
  ...heldOut.map((row, index) => toSample("heldout", row, index, heldOut.length)),
];
const warmup = Array.from(warmupRows(9, 1500), (row) => row.sample);

const sorted = (numbers: number[]): number[] => numbers.sort((a, b) => a - b);
const median = (numbers: number[]): number => sorted(numbers)[numbers.length >> 1] ?? Number.NaN;
const most = (numbers: number[]): number => Math.max(...numbers);

test("the vocabulary has the promised size, and generation ends where a turn ends", () => {
  assert.equal(tokenizer.size, VOCABULARY_SIZE);
  const generation = JSON.parse(readFileSync(`${dir}/generation_config.json`, "utf8")) as Record<string, unknown>;
  assert.equal(generation.eos_token_id, tokenizer.eos);
  assert.equal(generation.pad_token_id, tokenizer.pad);
  const special = JSON.parse(readFileSync(`${dir}/special_tokens_map.json`, "utf8")) as Record<string, unknown>;
  assert.deepEqual(special, { eos_token: tokenizer.eosText, pad_token: "<|endoftext|>" });
  assert.notEqual(tokenizer.eos, tokenizer.pad);
  for (const token of addedTokens) assert.equal(tokenizer.encode(token).length, 1, token);
});

test("the committed tokenizer gives back every prompt and completion, and any other text", () => {
  for (const sample of [...warmup.slice(0, 600), ...samples.slice(0, 600)]) {
    for (const { text, tokens } of [renderer.prompt(sample), renderer.target(sample)]) {
      assert.equal(tokenizer.decode(tokens, { keepSpecial: true }), text);
    }
  }
  for (const text of [
    "Grüße aus 日本 😀",
    "tab\tand\r\n\n  spaces ",
    '{"a":[1.5,null]}',
    "e\u0301 ½ ٣",
    "\u0000\u001b[0m",
  ]) {
    assert.equal(tokenizer.decode(tokenizer.encode(text)), text);
  }
});

test("a word and a number have the same tokens in a query and in a call", () => {
  for (const word of ["Kyoto", "4711", "garden party", "12.5"]) {
    const inside = tokenizer.encode(word).join();
    for (const around of [`Is it ${word}?`, `{"x":"${word}"}`, `from ${word} to`]) {
      assert.ok(tokenizer.encode(around).join().includes(inside), around);
    }
  }
});

test("a tool takes at most 60 tokens", () => {
  for (const [name, tool] of catalog) {
    assert.ok(tokenizer.encode(JSON.stringify(tool.function)).length <= 60, name);
  }
});

test("a raw prompt takes at most 300 tokens, half of them less than 200", () => {
  const lengths = samples.map((sample) => renderer.prompt(sample).tokens.length);
  assert.ok(most(lengths) <= 300, String(most(lengths)));
  assert.ok(median(lengths) <= 200, String(median(lengths)));
});

test("a gold completion takes at most 64 tokens for one call and 110 for two", () => {
  for (const sample of [...samples, ...warmup.filter((each) => each.completion === undefined)]) {
    const { length } = renderer.target(sample).tokens;
    assert.ok(length <= (sample.answer.length > 1 ? 110 : 64), `${sample.query}: ${length}`);
  }
});

test("prompts with demonstrations and self-exemplifying ones stay within what the README says", () => {
  const lengths = (style: boolean) =>
    warmup
      .filter((sample) => (style ? sample.style : sample.demonstrations))
      .map((sample) => [renderer.prompt(sample).tokens.length, renderer.target(sample).tokens.length] as const);
  assert.ok(most(lengths(false).map(([prompt]) => prompt)) <= 600);
  assert.ok(most(lengths(true).map(([prompt]) => prompt)) <= 450);
  assert.ok(most(lengths(true).map(([, completion]) => completion)) <= 450);
});

test("the chat template writes a conversation in the compact Qwen form", () => {
  const [tool] = [...catalog.values()];
  const sample = {
    id: "s",
    query: "Is it cold?",
    tools: ["get_weather"],
    answer: [
      { name: "get_weather", arguments: { city: "Rome", unit: "C" } },
      { name: "get_weather", arguments: { city: "Oslo", unit: "C" } },
    ],
    demonstrations: [{ id: "d", query: "Who are you?", answer: [] }],
  };
  assert.equal(
    renderer.prompt(sample).text,
    `<|im_start|>system\n<tools>\n${JSON.stringify(tool?.function)}\n</tools>\n<|im_end|>\n` +
      `<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n${NO_TOOL_ANSWER}<|im_end|>\n` +
      "<|im_start|>user\nIs it cold?<|im_end|>\n<|im_start|>assistant\n",
  );
  assert.equal(
    renderer.target(sample).text,
    '<tool_call>\n{"name":"get_weather","arguments":{"city":"Rome","unit":"C"}}\n</tool_call>\n' +
      '<tool_call>\n{"name":"get_weather","arguments":{"city":"Oslo","unit":"C"}}\n</tool_call><|im_end|>',
  );
});

test("the answer inside a self-exemplifying completion is written as the chat template writes it", () => {
  for (const sample of samples.slice(0, 300)) {
    assert.equal(renderer.target(sample).text, `${answerText(sample.answer)}<|im_end|>`);
  }
});

test("training is a function of the texts", () => {
  const texts = warmup.slice(0, 100).map((sample) => sample.query);
  const trained = trainTokenizer(texts, 400);
  assert.deepEqual(trainTokenizer(texts, 400), trained);
  assert.notDeepEqual(trainTokenizer(texts.slice(50), 400), trained);
});
