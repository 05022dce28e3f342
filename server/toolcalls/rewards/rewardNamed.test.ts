import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { REWARD_DEFAULTS, REWARD_NAMES, type RewardName } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { Tool } from "../../../schemas/tools.ts";
import { parseExactJson } from "../json.ts";
import type { RewardContext } from "./reward.ts";
import { rewardNamed } from "./rewardNamed.ts";
import { whyUnsatisfiable } from "./satisfiable.ts";
import { toolRlGold } from "./toolrlReward.ts";

const tool = (name: string, properties: object, required: string[]): [string, Tool] => [
  name,
  { type: "function", function: { name, parameters: { type: "object", properties, required } } },
];
const tools = new Map([
  tool("find", { city: { type: "string" }, limit: { type: "integer" } }, ["city"]),
  tool(
    "book",
    { seats: { type: "number" }, with: { type: "array", items: { type: "object" } }, at: { type: "object" } },
    ["seats"],
  ),
]);
const context: RewardContext = { step: 1, tools };
const sample = (...answer: Sample["answer"]): Sample => ({ id: "s", query: "q", tools: ["find", "book"], answer });
const find = { name: "find", arguments: { city: "Bern" } };
const book = { name: "book", arguments: { seats: 2, with: [{ name: "Ada" }], at: { hour: 8 } } };

const samples = {
  "one call": sample(find),
  "two calls": sample(book, find),
  "no call": sample(),
  "an id of nineteen digits": sample({
    name: "find",
    arguments: parseExactJson('{"city": "x", "limit": 1234567890123456789}') as object,
  }),
  "a sample without tools": { ...sample(), tools: [] },
};

for (const name of REWARD_NAMES) {
  for (const [what, one] of Object.entries(samples)) {
    test(`${name}: the right completion for ${what} is right`, () => {
      assert.equal(whyUnsatisfiable(name, rewardNamed(name), one, context), undefined);
    });
  }

  test(`${name}: nothing is not right where a call is needed, and a reason is given`, () => {
    const found = rewardNamed(name)("", sample(find), context);
    assert.notEqual(found.verdict?.correct ?? found.reward === 1, true);
    assert.ok(found.reason.length > 0 && found.failed === undefined);
  });

  test(`${name}: any completion has a finite reward, finite parts and a reason`, () => {
    const piece = fc.constantFrom(
      ..."<think> </think> \n <tool_call> </tool_call> <examples> </examples> [ ] { } 5 null".split(" "),
      JSON.stringify(find),
      JSON.stringify([find]),
      '{"name":"find","parameters":{"city":"Bern"}}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(...Object.values(samples)), (pieces, one) => {
        const { reward, parts, reason } = rewardNamed(name)(pieces.join(""), one, context);
        assert.ok(Number.isFinite(reward));
        assert.ok(Object.values(parts).every(Number.isFinite));
        assert.ok(reason.length > 0 && reason.length < 500);
      }),
      { seed: 21, numRuns: 300 },
    );
  });
}

const unsatisfiable = (name: RewardName, one: Sample, others: RewardContext = context): string =>
  whyUnsatisfiable(name, rewardNamed(name), one, others) ?? "";

test("a gold answer that a reward can never be content with is told, with the reason", () => {
  const tagged = sample({ name: "find", arguments: { city: "a </tool_call> b" } });
  assert.match(unsatisfiable("toolrl", tagged), /^the reward failed: the gold answer: JSONDecodeError/);
  assert.match(unsatisfiable("tool-n1", tagged), /no list of calls can be read/);
  assert.match(unsatisfiable("bfcl-ast", sample({ name: "find", arguments: { town: "Bern" } })), /missing_required/);
  const odd = new Map([tool("find", { city: { type: "date" } }, ["city"])]);
  assert.match(unsatisfiable("bfcl-ast", sample(find), { step: 1, tools: odd }), /BFCL raises KeyError: 'date'/);
  const deep = sample({ name: "find", arguments: { city: JSON.parse("[".repeat(150) + "]".repeat(150)) } });
  assert.match(unsatisfiable("toolexpander", deep), /nested deeper/);
});

test("a reward that fails says so instead of paying nothing", () => {
  const tagged = sample({ name: "find", arguments: { city: "a <tool_call> b" } });
  const found = rewardNamed("toolrl")("anything", tagged, context);
  assert.equal(found.failed, true);
  assert.deepEqual(found.parts, { failed: 1 });
});

test("ToolRL's gold completion is made of the sample's answer", () => {
  assert.equal(
    toolRlGold(sample(find)),
    '<think> </think>\n<tool_call>\n{"name":"find","parameters":{"city":"Bern"}}\n</tool_call>',
  );
  assert.equal(toolRlGold(sample()), "<think> </think>\n<response> </response>");
  const both = { ...sample(find), completion: "<think></think><tool_call></tool_call><response>done</response>" };
  assert.match(toolRlGold(both), /<\/tool_call>\n<response> <\/response>$/);
});

test("ToolRL: a needless call is not right, though its code takes nothing for it", () => {
  const needless =
    '<think> t </think>\n<response> <tool_call>\n{"name":"find","parameters":{}}\n</tool_call> </response>';
  const found = rewardNamed("toolrl")(needless, sample(), context);
  assert.equal(found.parts.correctness, 0);
  assert.equal(found.verdict?.correct, false);
});

test("settings and step reach the reward", () => {
  const late = { ...context, step: 30 };
  const twoStage = rewardNamed("toolrl", { ...REWARD_DEFAULTS, toolrl: { ...REWARD_DEFAULTS.toolrl, twoStage: true } });
  const completion = toolRlGold(sample(find));
  assert.equal(twoStage(completion, sample(find), context).reward, 2);
  assert.equal(twoStage(completion, sample(find), late).reward, 3.5);
  assert.equal(twoStage(completion, sample(find), late).verdict?.correct, true);
  const v2 = rewardNamed("tool-n1", { ...REWARD_DEFAULTS, "tool-n1": { variant: "v2" } });
  assert.equal(v2(`<tool_call>${JSON.stringify([find])}</tool_call>`, sample(find)).reward, 1);
});
