import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import { Tokenizer } from "./tokenizer.ts";
import { tokenTexts } from "./tokenTexts.ts";

const tokenizer = Tokenizer.load(path.join(import.meta.dirname, "../../examples/quickstart/policy"));

test("the texts of the tokens are the completion, special tokens included", () => {
  const ids = [...tokenizer.encode('<tool_call>\n{"name": "book"}\n</tool_call>'), tokenizer.eos];
  const texts = tokenTexts(tokenizer, ids);
  assert.equal(texts.map(({ text }) => text).join(""), tokenizer.decode(ids, { keepSpecial: true }));
  assert.equal(texts.at(-1)?.text, tokenizer.eosText);
});

test("no text is lost or doubled, whatever tokens follow one another", () => {
  const ids = fc.array(fc.integer({ min: 0, max: tokenizer.size + 3 }), { maxLength: 40 });
  fc.assert(
    fc.property(ids, (tokens) => {
      const texts = tokenTexts(tokenizer, tokens);
      assert.equal(
        texts.reduce((sum, one) => sum + one.tokens, 0),
        tokens.length,
      );
      assert.ok(texts.every((one) => one.tokens >= 1 && one.tokens <= 4));
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("a character that is spread over tokens is one entry", () => {
  // Byte for byte, as a tokenizer that knows none of its characters writes it.
  const bytes = new TextEncoder().encode("a€b");
  const byBytes = {
    decode: (ids: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(Array.from(ids))),
  };
  assert.deepEqual(tokenTexts(byBytes, bytes), [
    { text: "a", tokens: 1 },
    { text: "€", tokens: 3 },
    { text: "b", tokens: 1 },
  ]);
});
