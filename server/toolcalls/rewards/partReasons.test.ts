import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { REWARD_DEFAULTS, REWARD_NAMES, type RewardName } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { ToolMap } from "../catalog.ts";
import { partReasons } from "./partReasons.ts";
import { rewardNamed } from "./rewardNamed.ts";
import { writtenCalls } from "./writtenCalls.ts";

const sample: Sample = {
  id: "weather",
  query: "How warm is it in Oslo?",
  tools: ["get_weather"],
  answer: [{ name: "get_weather", arguments: { city: "Oslo", unit: "celsius" } }],
};
const tools: ToolMap = new Map([
  [
    "get_weather",
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather.",
        parameters: {
          type: "object",
          properties: { city: { type: "string" }, unit: { type: "string" } },
          required: ["city", "unit"],
        },
      },
    },
  ],
]);
const context = { step: 1, tools };
const settings = REWARD_DEFAULTS;

const explained = (reward: RewardName, completion: string, row = sample) => {
  const { parts } = rewardNamed(reward, settings)(completion, row, context);
  const why = partReasons(completion, row, { reward, settings, context, parts });
  return { parts, why };
};

const call = (args: object, key = "arguments") => JSON.stringify({ name: "get_weather", [key]: args });
const tagged = (text: string) => `<tool_call>\n${text}\n</tool_call>`;

test("each part says what it looked at, and the parameter that is wrong is named with both values", () => {
  const { why } = explained("toolexpander", tagged(call({ city: "Oslo", unit: "C" })));
  assert.deepEqual(why, {
    format: "every tag is closed around one call",
    result: 'argument "unit" of "get_weather" is "C", expected "celsius"',
  });
  assert.deepEqual(explained("toolexpander", `<tool_call>\n${call({ city: "Oslo" })}`).why, {
    format: "tool call 1 is never closed",
    result: 'no call was made, expected "get_weather"',
  });
  const refusing = { ...sample, answer: [] };
  const { format, result } = explained("toolexpander", "<tool_call>{</tool_call>", refusing).why;
  assert.match(format ?? "", /^tool call 1 is not JSON: /);
  assert.equal(result, "a call that cannot be read is no refusal to call");
});

test("a format of blocks names the first block that is not where it belongs", () => {
  const right = `<think>hm</think>\n${tagged(call({ city: "Oslo", unit: "celsius" }, "parameters"))}`;
  assert.equal(explained("toolrl", right).why.correctness, "the calls are the gold calls");
  assert.equal(explained("toolrl", right).why.format, "the blocks are there, each once and in order");
  const sayings = [
    [right.slice(7), "it does not begin with <think>"],
    [`${right} and so on`, "it does not end with \\n</tool_call>"],
    [right.replace("</think>", ""), "</think>\\n<tool_call>\\n does not follow"],
    [right.replace("hm", "<tool_call>"), "<tool_call> stands 2 times and not once"],
  ] as const;
  for (const [completion, fault] of sayings)
    assert.equal(explained("toolrl", completion).why.format, `the format is wrong: ${fault}`);
  const wrong = right.replace("celsius", "C");
  assert.match(explained("toolrl", wrong).why.correctness ?? "", /"unit" of "get_weather" is "C"/);
  assert.match(explained("toolrl", wrong).why.value ?? "", /^1 of 2 for values/);
});

test("examples, thoughts and decoders have sentences of their own", () => {
  const set = explained("set", tagged(call({ city: "Oslo", unit: "celsius" }))).why;
  assert.deepEqual([set.examples, set.result], ["there are no examples", "the calls are the gold calls"]);
  const n1 = explained("tool-n1", `<tool_call>[${call({ city: "Oslo", unit: "C" })}]</tool_call>`).why;
  assert.equal(n1.thoughts, "there is no <think> and no </think>");
  assert.match(n1.name ?? "", /"unit" of "get_weather"/);
  const bfcl = explained("bfcl-ast", tagged(call({ city: "Oslo", unit: "C" }))).why;
  assert.match(bfcl.result ?? "", /^the calls are not valid \(value_error.*argument "unit"/);
});

test("calls are read as the reward reads them", () => {
  const args = { city: "Oslo", unit: "celsius" };
  const written: Record<RewardName, string> = {
    toolexpander: tagged(call(args)),
    set: `<examples>\n${tagged(call({ city: "Lima" }))}\n</examples>\n${tagged(call(args))}`,
    toolrl: `<think></think>\n${tagged(call(args, "parameters"))}`,
    "toolrl-paper": `<think></think>\n${tagged(call(args, "parameters"))}`,
    "tool-n1": `<tool_call>[${call(args)}]</tool_call>`,
    "bfcl-ast": tagged(call(args)),
  };
  for (const name of REWARD_NAMES) assert.deepEqual(writtenCalls(written[name], name, settings), sample.answer, name);
  const python = { ...settings, "bfcl-ast": { decoder: "python-prompt" as const, underscoreToDot: false } };
  assert.deepEqual(writtenCalls('[get_weather(city="Oslo", unit=(1, None))]', "bfcl-ast", python), [
    { name: "get_weather", arguments: { city: "Oslo", unit: [1, null] } },
  ]);
});

test("nothing is explained that was judged otherwise, or by a reward of somebody's own", () => {
  const completion = tagged(call({ city: "Oslo", unit: "C" }));
  const judged = { settings, context, parts: { format: 1, result: 1 } };
  assert.deepEqual(partReasons(completion, sample, { ...judged, reward: "toolexpander" }), {});
  assert.deepEqual(partReasons(completion, sample, { ...judged, reward: "./mine.ts" }), {});
});

test("whatever a completion holds, every part that is recorded has a sentence and nothing throws", () => {
  const piece = fc.constantFrom(
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<examples>",
    "</examples>",
    "\n",
  );
  const json = fc.json({ maxDepth: 2 });
  const parameters = fc.record({ city: fc.constantFrom("Oslo", "Lima"), unit: fc.constantFrom("celsius", "C") });
  const calls = parameters.map((args) => call(args));
  const text = fc.array(fc.oneof(piece, json, calls, fc.string()), { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom(...REWARD_NAMES), (completion, reward) => {
      const { parts, why } = explained(reward, completion);
      for (const sentence of Object.values(why)) assert.ok(sentence.length > 0);
      if (!("failed" in parts)) assert.deepEqual(Object.keys(why).sort(), Object.keys(parts).sort());
      for (const { name } of writtenCalls(completion, reward, settings)) assert.equal(typeof name, "string");
    }),
    { seed: 7, numRuns: 400 },
  );
});
