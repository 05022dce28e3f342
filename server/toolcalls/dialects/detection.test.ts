/** Which dialect the records of each file are taken for. */
import assert from "node:assert/strict";
import test from "node:test";
import { detectDialect } from "./index.ts";
import { corpusFiles, recordsOf, withoutCorpus } from "./testing/corpus.ts";

/** Files of the corpus by the beginning of their paths, the longest counting; others are of a dialect not named here. */
const EXPECTED: Readonly<Record<string, string | undefined>> = {
  "api-bank/level-": "api-bank",
  "api-bank/tools_from_": "api-bank",
  "bfcl/": "bfcl",
  // Questions alone, without ids.
  "bfcl/unused_question/BFCL_v4_chatable": undefined,
  "gorilla-apizoo/": "gorilla-api-zoo",
  "hammer/hammer2.1/": "hammer",
  "hammer/masking_": "hammer",
  "hammer/original/": "hammer",
  "qwen-agent/": "openai",
  "tau-bench/airline_tasks_": "tau",
  "tau-bench/airline_tools": "openai",
  "tau-bench/retail_tasks_": "tau",
  "tau-bench/retail_tools": "openai",
  "toolrl/": "toolrl",
  "trl/": "openai",
};
const NAMED: ReadonlySet<string | undefined> = new Set([
  ...Object.values(EXPECTED),
  "acebench",
  "seal-tools",
  "tool-alpaca",
  "toolace",
  "toolbench",
  "xlam",
]);
/** Named above for what their neighbours are, or in the shape of another. */
const OTHERWISE: ReadonlySet<string> = new Set(["openai", "bfcl"]);

test("Every file of the corpus is taken for its own dialect", { skip: withoutCorpus }, () => {
  const files = corpusFiles();
  const wrong = files.flatMap((file) => {
    const records = recordsOf(file);
    const expected = expectedOf(file);
    const found = detectDialect(records.slice(0, 50))?.id;
    if (records.length === 0 || found === expected) return [];
    const free = expected === undefined && (found === undefined || !NAMED.has(found) || OTHERWISE.has(found));
    return free ? [] : [`${file}: ${found}, not ${expected}`];
  });
  assert.deepEqual(wrong, []);
  assert.ok(files.length > 100);
});

function expectedOf(file: string): string | undefined {
  const [prefix = ""] = Object.keys(EXPECTED)
    .filter((start) => file.startsWith(start))
    .sort((left, right) => right.length - left.length);
  return EXPECTED[prefix];
}

const RECORDS: Readonly<Record<string, readonly unknown[]>> = {
  acebench: [
    { id: "a_1", question: "user: Hi\n", function: [{ name: "f", arguments: { type: "object" } }], time: "" },
    { id: "a_1", ground_truth: { f_1: { x: 1 }, f_2: { x: 2 } } },
    { id: "a_2", ground_truth: [{ f: {} }], mile_stone: ["[f()]"] },
  ],
  "api-bank": [
    { role: "User", text: "Hi" },
    { role: "API", api_name: "F", param_dict: {}, result: null },
    { instruction: "Generate", input: "User: Hi", expected_output: "API-Request: [F()]" },
  ],
  hammer: [{ query: "Hi", tools: [], answers: [{ tool: "f", parameters: {} }] }],
  questions: [
    { id: "a", query: "Hi", tools: ["f"], answer: "14" },
    { id: "a", query: "Hi", tools: [], uses: [] },
  ],
  results: [{ call: { name: "f", arguments: {} }, result: null }],
  trajectories: [
    { trajectories: 1, settings: {} },
    { question: "a", query: "Hi", tools: [], accepted: ["1"], turns: [], end: "answered", correct: false },
    { question: "a", query: "Hi", tools: [], skipped: "why", turn: 0 },
  ],
  "seal-tools": [
    { id: "dev-0", query: "Hi", calling: [{ api: "f", parameters: {}, responses: ["API_call_0"] }] },
    { api_name: "f", api_description: "F", field: "F", parameters: {}, required: [], responses: {} },
  ],
  tau: [
    { user_id: "u", instruction: "Cancel", actions: [{ name: "f", kwargs: {} }], outputs: [] },
    { id: "1", user_scenario: { instructions: "Cancel" }, evaluation_criteria: { actions: [] } },
  ],
  "tool-alpaca": [{ Name: "N", Function_Description: {}, Instructions: [], Golden_Answers: [] }],
  toolace: [
    { system: "Here they are: []", conversations: [{ from: "assistant", value: "[Get News(topic='a')]" }] },
    { system: "Use [func1(a=b), func2(c)].", conversations: [{ from: "user", value: "Hi" }] },
  ],
  toolbench: [{ api_list: [{ api_name: "a", required_parameters: [], optional_parameters: [] }], query: "Hi" }],
  toolexpander: [{ id: "a", query: "Hi", tools: ["f"], answer: [] }],
  "tool-n1": [{ tools: "[]", conversations: [{ from: "user", value: "Hi" }], answer: "[]" }],
  xlam: [{ id: 1, query: "Hi", tools: "[]", answers: "[]" }],
};

for (const [id, records] of Object.entries(RECORDS)) {
  test(`A record of ${id} is taken for it`, () => {
    for (const record of records) assert.equal(detectDialect([record])?.id, id, JSON.stringify(record));
  });
}
