import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import type { Sample } from "../../schemas/samples.ts";
import type { Tool } from "../../schemas/tools.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import { rewardNamed } from "../toolcalls/rewards/rewardNamed.ts";
import { faultOf, folderWith } from "../toolcalls/testing/files.ts";
import { checkPromptBudget, checkTargetBudget } from "./budget.ts";
import { chatOf } from "./chat.ts";
import { ChatTemplate } from "./chatTemplate.ts";
import { NO_TOOL_ANSWER, PromptRenderer, SELF_EXEMPLIFY_SYSTEM } from "./promptRenderer.ts";
import { TINY_TEMPLATE, tinyModelFiles } from "./testing/tinyModel.ts";
import { Tokenizer } from "./tokenizer.ts";

const tools = new Map(["find", "book"].map((name): [string, Tool] => [name, { type: "function", function: { name } }]));
const sample: Sample = {
  id: "s",
  query: "Find Bern",
  tools: ["find"],
  answer: [{ name: "find", arguments: { city: "Bern" } }],
};

function setUp(
  t: TestContext,
  template = TINY_TEMPLATE,
): { renderer: PromptRenderer; tokenizer: Tokenizer; folder: string } {
  const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
  const tokenizer = Tokenizer.load(folder);
  return {
    renderer: new PromptRenderer(tokenizer, chatOf(ChatTemplate.load(folder), "auto"), tools),
    tokenizer,
    folder,
  };
}

/** Turns alone. */
const WITHOUT_TOOLS = `{%- for message in messages %}
{{- "<|start|>" + message.role + "\\n" + message.content + "<|end|>\\n" }}
{%- endfor %}
{%- if add_generation_prompt %}{{ "<|start|>assistant\\n" }}{% endif %}`;

const SYSTEM =
  '<|start|>system\nCall tools.\n<tools>\n{"type": "function", "function": {"name": "find"}}\n</tools><|end|>\n';
const CALL = '<tool_call>\n{"name": "find", "arguments": {"city": "Bern"}}\n</tool_call><|end|>';

test("a prompt offers the sample's tools and ends where the policy begins", (t) => {
  const { renderer, tokenizer } = setUp(t);
  const { text, tokens } = renderer.prompt(sample);
  assert.equal(text, `${SYSTEM}<|start|>user\nFind Bern<|end|>\n<|start|>assistant\n`);
  assert.deepEqual(tokens, tokenizer.encode(text));
});

test("demonstrations stand before the query as earlier turns; the argument comes before the sample's own", (t) => {
  const { renderer } = setUp(t);
  const own = { id: "own", query: "Own", answer: [] };
  const given = { id: "given", query: "Given", answer: sample.answer };
  const withOwn = { ...sample, demonstrations: [own] };
  assert.equal(
    renderer.prompt(withOwn).text,
    `${SYSTEM}<|start|>user\nOwn<|end|>\n<|start|>assistant\n${NO_TOOL_ANSWER}<|end|>\n<|start|>user\nFind Bern<|end|>\n<|start|>assistant\n`,
  );
  assert.equal(
    renderer.prompt(withOwn, [given]).text,
    `${SYSTEM}<|start|>user\nGiven<|end|>\n<|start|>assistant\n${CALL}\n<|start|>user\nFind Bern<|end|>\n<|start|>assistant\n`,
  );
  assert.equal(renderer.prompt(withOwn, []).text, renderer.prompt(sample).text);
});

test("a demonstration may think before it calls", (t) => {
  const { renderer } = setUp(t);
  const shown = { query: "Given", thought: "It is in Bern.", answer: sample.answer };
  assert.ok(renderer.prompt(sample, [shown]).text.includes(`<|start|>assistant\nIt is in Bern.\n${CALL}`));
  const refusal = { query: "Given", thought: "Nothing fits.", answer: [] };
  assert.ok(renderer.prompt(sample, [refusal]).text.includes("<|start|>assistant\nNothing fits.<|end|>"));
});

test("the renderer's style holds for samples that name none", (t) => {
  const { tokenizer, folder } = setUp(t);
  const renderer = new PromptRenderer(tokenizer, ChatTemplate.load(folder), tools, "self-exemplify");
  assert.ok(renderer.prompt(sample).text.includes(SELF_EXEMPLIFY_SYSTEM));
  assert.ok(!renderer.prompt({ ...sample, style: "tool-call" }).text.includes(SELF_EXEMPLIFY_SYSTEM));
});

test("the self-exemplifying style asks for examples in the system message", (t) => {
  const { text } = setUp(t).renderer.prompt({ ...sample, style: "self-exemplify" });
  assert.ok(text.startsWith(`<|start|>system\n${SELF_EXEMPLIFY_SYSTEM}\n<tools>`));
  for (const word of ["<examples></examples>", '"tool"', '"question"', '"answer"', "four"]) {
    assert.ok(SELF_EXEMPLIFY_SYSTEM.includes(word), word);
  }
});

for (const style of ["toolrl", "tool-n1"] as const) {
  test(`the style ${style} tells its own form, and its target earns its reward in full`, (t) => {
    const { renderer, tokenizer } = setUp(t);
    const reward = rewardNamed(style);
    for (const answer of [sample.answer, [], [...sample.answer, ...sample.answer]]) {
      const row = { ...sample, style, answer };
      const { text } = renderer.prompt(row);
      assert.ok(text.startsWith("<|start|>system\n") && text.includes("<think>"));
      for (const name of sample.tools) assert.ok(text.includes(name));
      assert.equal(
        text.match(/<tools>/g)?.length ?? 0,
        style === "tool-n1" ? 1 : 0,
        "the template lists no tools of its own",
      );
      const found = reward(tokenizer.decode(renderer.target(row).tokens), row);
      assert.equal(found.verdict?.correct, true, found.reason);
    }
    const demonstrated = { ...sample, style, demonstrations: [{ id: "d", query: "Like this", answer: sample.answer }] };
    assert.match(renderer.prompt(demonstrated).text, /Like this(.|\n)*<think> This needs/);
  });
}

test("the target is the assistant's turn, cut right after eos", (t) => {
  const { renderer, tokenizer } = setUp(t);
  const { text, tokens } = renderer.target(sample);
  assert.equal(text, CALL);
  assert.equal(tokens.at(-1), tokenizer.eos);
  assert.equal(renderer.target({ ...sample, answer: [] }).text, `${NO_TOOL_ANSWER}<|end|>`);
  const two = renderer.target({ ...sample, answer: [...sample.answer, ...sample.answer] }).text;
  assert.equal(two, `${CALL.replace("<|end|>", "")}\n${CALL}`);
  const demonstrated = { ...sample, demonstrations: [{ id: "d", query: "q", answer: sample.answer }] };
  assert.equal(renderer.target(demonstrated).text, CALL);
});

test("a sample's own completion is learnt as it stands, with one eos", (t) => {
  const { renderer } = setUp(t);
  assert.equal(renderer.target({ ...sample, completion: "I  see .\n" }).text, "I  see .\n<|end|>");
  assert.equal(renderer.target({ ...sample, completion: "done<|end|>" }).text, "done<|end|>");
});

for (const [whose, template] of [
  ["the template's", TINY_TEMPLATE],
  ["the system message's", WITHOUT_TOOLS],
] as const) {
  test(`every target in ${whose} form, written by the policy, earns the full reward`, (t) => {
    const { renderer, tokenizer } = setUp(t, template);
    const reward = rewardNamed("toolexpander");
    const args = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    const answer = fc.array(fc.record({ name: fc.constantFrom("find", "book"), arguments: args }), { maxLength: 3 });
    fc.assert(
      fc.property(answer, (gold) => {
        const row = { ...sample, tools: ["find", "book"], answer: gold };
        const completion = tokenizer.decode(renderer.target(row).tokens);
        assert.ok(parseCompletion(completion).formatOk);
        assert.equal(reward(completion, row).reward, 1, completion);
      }),
      { seed: 9, numRuns: 100 },
    );
  });
}

test("where the template shows no tools the system message does, in every style, and the target ends in eos", (t) => {
  const { renderer } = setUp(t, WITHOUT_TOOLS);
  for (const style of ["tool-call", "self-exemplify"] as const) {
    const { text } = renderer.prompt({ ...sample, style });
    const [system = ""] = text.split("<|end|>");
    assert.ok(system.startsWith("<|start|>system\n") && system.includes('{"name": "find"}'), system);
    assert.equal(system.includes(SELF_EXEMPLIFY_SYSTEM), style === "self-exemplify");
    assert.ok(text.endsWith("<|start|>user\nFind Bern<|end|>\n<|start|>assistant\n"));
  }
  const demonstrated = { ...sample, demonstrations: [{ id: "d", query: "Own", answer: sample.answer }] };
  assert.ok(renderer.prompt(demonstrated).text.includes(`<|start|>user\nOwn<|end|>\n<|start|>assistant\n${CALL}\n`));
  assert.equal(renderer.target(sample).text, CALL);
  assert.equal(renderer.target({ ...sample, answer: [] }).text, `${NO_TOOL_ANSWER}<|end|>`);
  const parts = renderer.marked(sample).parts.map(({ kind, text }) => [kind, text.includes("find")]);
  assert.ok(
    parts.some(([kind, named]) => kind === "tools" && named),
    JSON.stringify(parts),
  );
});

test("a template whose assistant turns do not continue its prompt, or never end, is named", (t) => {
  const other = setUp(t, `${TINY_TEMPLATE.replace('"<|start|>assistant\\n"', '"<|start|>robot\\n"')}`);
  assert.match(
    faultOf(other.folder, () => other.renderer.target(sample)),
    /^tokenizer_config\.json: This chat template writes an assistant turn that does not begin with its generation prompt/,
  );
  const endless = setUp(t, TINY_TEMPLATE.replaceAll("<|end|>", ""));
  assert.match(
    faultOf(endless.folder, () => endless.renderer.target(sample)),
    /does not end an assistant turn with the tokenizer's eos token "<\|end\|>"/,
  );
});

test("a tool no catalog defines is named with its sample", (t) => {
  const { renderer, folder } = setUp(t);
  assert.match(
    faultOf(folder, () => renderer.prompt({ ...sample, tools: ["none"] })),
    /No catalog defines the tool "none" of sample "s"/,
  );
});

test("what exceeds a token budget is refused, the longest first", () => {
  const counted = [
    { id: "a", tokens: 10 },
    { id: "b\u001b", tokens: 30 },
    { id: "c", tokens: 20 },
  ];
  checkPromptBudget("s.jsonl", counted, 30);
  checkTargetBudget("s.jsonl", [], 1);
  assert.equal(
    faultOf("no folder", () => checkPromptBudget("s.jsonl", counted, 15)),
    's.jsonl: 2 of 3 prompts are longer than the budget of 15 tokens; the longest, of sample "b\\u001b", has 30. ' +
      "Raise settings.lengths.prompt, or offer fewer tools.",
  );
  assert.match(
    faultOf("no folder", () => checkTargetBudget("s.jsonl", counted, 20)),
    /1 of 3 targets is longer than the budget of 20 tokens.*settings\.lengths\.response/,
  );
});
