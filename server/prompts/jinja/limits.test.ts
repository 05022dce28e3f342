/** Templates come from anyone: none may hold the program up, eat its memory or end it. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Tool } from "../../../schemas/tools.ts";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { ChatTemplate } from "../chatTemplate.ts";
import { tinyModelFiles } from "../testing/tinyModel.ts";

const NESTED = (turns: number, inner: string): string =>
  Array.from({ length: turns }, (_, at) => `{% for i${at} in range(1000) %}`).join("") +
  inner +
  "{% endfor %}".repeat(turns);

const CASES: [what: string, template: string, sentence: RegExp][] = [
  ["loops for ever", NESTED(6, "{% set x = 1 %}"), /does more work than a prompt can need/],
  ["loops for ever over nothing", NESTED(6, ""), /does more work than a prompt can need/],
  ["calls itself for ever", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", /its macros call one another 200 deep/],
  ["writes for ever", NESTED(3, "{{ 'x' * 1000 }}"), /makes a text of more than 4,194,304 characters/],
  [
    "doubles a text",
    `{% set ns = namespace(t='xx') %}${"{% set ns.t = ns.t + ns.t %}".repeat(40)}`,
    /makes a text of more than/,
  ],
  [
    "doubles a list",
    `{% set ns = namespace(t=[1, 2]) %}${"{% set ns.t = ns.t + ns.t %}".repeat(40)}`,
    /does more work/,
  ],
  [
    "writes a list that holds itself many times",
    `{% set ns = namespace(t=[1]) %}${"{% set ns.t = [ns.t, ns.t, ns.t] %}".repeat(40)}{{ ns.t | tojson }}`,
    /does more work|makes a text of more/,
  ],
  [
    "compares a list that holds itself many times",
    `{% set a = namespace(t=[1]) %}{% set b = namespace(t=[1]) %}${"{% set a.t = [a.t, a.t] %}{% set b.t = [b.t, b.t] %}".repeat(40)}{{ a.t == b.t }}`,
    /does more work/,
  ],
  ["repeats a text", "{{ 'x' * 10 ** 12 }}", /makes a text of more than/],
  ["repeats a list", "{{ [1] * 10 ** 12 }}", /does more work/],
  [
    "replaces every character by a text",
    "{{ ('x' * 4000000).replace('x', 'y' * 4000000) }}",
    /makes a text of more than/,
  ],
  ["pads a text", "{{ 'x'.ljust(10 ** 12) }}", /makes a text of more than/],
  ["computes an endless number", "{{ 10 ** 1000000 }}", /a number of more than 4,300 digits/],
  ["asks for an endless range", "{{ range(10 ** 12) }}", /a range of more than 100000 numbers/],
  ["throws", "{{ raise_exception('only two roles') }}", /fails on these messages: only two roles\.$/],
  ["throws Python's own errors", "{{ messages[0].content + 1 }}", /TypeError: unsupported operand type/],
  ["reads what is not there", "{{ tools.function.name }}", /UndefinedError: /],
  ["changes a list", "{{ messages.append(1) }}", /calls append on a list, which templates may not change/],
  ["uses a filter that nobody knows", "{{ 1 | frobnicate }}", /uses the filter "frobnicate"/],
  [
    "hides its words behind control characters",
    "{{ raise_exception('\\x1b[2J') }}",
    /on these messages: \\u001b\[2J\.$/,
  ],
];

for (const [what, template, sentence] of CASES) {
  test(`a template that ${what} is one sentence`, (t) => {
    const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
    const loaded = ChatTemplate.load(folder);
    const tools: Tool[] = [{ type: "function", function: { name: "find" } }];
    const fault = faultOf(folder, () => loaded.render([{ role: "user", content: "hello" }], tools, true));
    assert.match(fault, /^tokenizer_config\.json: The chat template fails on these messages: [^\n]*\.$/);
    assert.match(fault, sentence);
  });
}

const UNREADABLE: [what: string, template: string, sentence: RegExp][] = [
  ["takes quadratic time to read", `a${"\n".repeat(201)}`, /it has more than 200 blanks in a row/],
  ["is endless", "x".repeat(250_001), /it is longer than 250000 characters/],
  ["is nested too deep", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`, /it is nested too deep/],
  ["is no template", "{% for x %}", /cannot be parsed/],
];

for (const [what, template, sentence] of UNREADABLE) {
  test(`a template that ${what} is one sentence`, (t) => {
    const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
    const fault = faultOf(folder, () => ChatTemplate.load(folder));
    assert.match(fault, /^tokenizer_config\.json: The chat template cannot be parsed: [^\n]*\.$/);
    assert.match(fault, sentence);
  });
}

test("work on a long text counts by its length", (t) => {
  const long = "{% set t = 'é🍣' * 1000000 %}";
  for (const step of [
    "{{ t[5] }}",
    "{{ t | length }}",
    "{{ t is lower }}",
    "{{ t | tojson | length }}",
    "{{ t in t }}",
    "{{ t | int }}{{ t | wordcount }}",
  ]) {
    const template = `${long}{% for i in range(100000) %}{% set x %}${step}{% endset %}{% endfor %}`;
    const folder = folderWith(t, tinyModelFiles({ config: { chat_template: template } }));
    const fault = faultOf(folder, () => ChatTemplate.load(folder).render([{ role: "user", content: "x" }], [], true));
    assert.match(fault, /does more work than a prompt can need/, step);
  }
});

test("a member may be named as a method of a list is", (t) => {
  const folder = folderWith(
    t,
    tinyModelFiles({ config: { chat_template: "{{ messages[0].sort }}{{ {'append': 1}.append }}" } }),
  );
  const message = { role: "user" as const, content: "x", sort: "up" };
  assert.equal(ChatTemplate.load(folder).render([message], [], true), "up1");
});
