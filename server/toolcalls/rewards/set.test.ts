import assert from "node:assert/strict";
import test from "node:test";
import { REWARD_DEFAULTS } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { readExamples } from "./examples.ts";
import { rewardNamed } from "./rewardNamed.ts";

const call = { name: "find", arguments: { city: "Bern" } };
const sample: Sample = { id: "s", query: "q", tools: ["find"], answer: [call] };
const answer = `<tool_call>\n${JSON.stringify(call)}\n</tool_call>`;
const example = (question: string, answered: unknown = {}): string =>
  JSON.stringify({ tool: "find", question, answer: answered });
const block = (...lines: string[]): string => `<examples>\n${lines.join("\n")}\n</examples>\n`;
const four = block(example("a"), example("b"), example("c"), example("d"));
const reward = rewardNamed("set");

test("1.01 with right examples, 1 without, 0 where the answer is wrong", () => {
  assert.equal(reward(four + answer, sample).reward, 1.01);
  assert.equal(reward(answer, sample).reward, 1);
  assert.equal(reward(block(example("a"), example("b"), example("c")) + answer, sample).reward, 1);
  assert.equal(reward(four, sample).reward, 0);
  assert.equal(reward(`${four}${answer}</tool_call>`, sample).reward, 0);
  const larger = rewardNamed("set", { ...REWARD_DEFAULTS, set: { bonus: 0.1, examples: 2 } });
  assert.equal(larger(block(example("a"), example("b")) + answer, sample).reward, 1.1);
});

test("the verdict does not hang on the examples", () => {
  for (const text of [four + answer, answer])
    assert.deepEqual(reward(text, sample).verdict, { correct: true, formatOk: true });
});

test("calls inside examples are none of the answer's", () => {
  const shown = block(...["a", "b", "c", "d"].map((question) => example(question, answer)));
  assert.equal(reward(shown + answer, sample).reward, 1.01);
});

test("each example is JSON with its three keys, and counts once", () => {
  assert.equal(
    reward(block(example("a"), example("a"), example("b"), example("c")) + answer, sample).parts.examples,
    0,
  );
  assert.equal(
    reward(block(example("a"), "{bad", example("b"), example("c"), example("d")) + answer, sample).parts.examples,
    0,
  );
  assert.equal(reward(block('{"tool": "find"}', example("b")) + answer, sample).parts.examples, 0);
  assert.equal(
    reward(`<examples>[${["a", "b", "c", "d"].map((text) => example(text)).join(",")}]</examples>${answer}`, sample)
      .reward,
    1.01,
  );
  assert.equal(reward(`<examples>${answer}`, sample).parts.examples, 0);
});

test("near duplicates are counted and change nothing", () => {
  const near = block(example("Find me a table in Bern"), example("find a  TABLE in bern!"), example("b"), example("c"));
  const found = reward(near + answer, sample);
  assert.equal(found.reward, 1.01);
  assert.equal(found.parts.nearDuplicates, 0.25);
  assert.equal(readExamples(answer).nearDuplicates, 0);
});
