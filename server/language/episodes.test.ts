/** What is found in the files of episodes: questions, recorded results, trajectories, and the experiment that names them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test, { type TestContext } from "node:test";
import { SPARK_DEFAULTS } from "../../schemas/spark.ts";
import { folderWith } from "../toolcalls/testing/files.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { validateFiles } from "./workspace/validateFiles.ts";

const CATALOG = JSON.stringify([
  {
    type: "function",
    function: {
      name: "add",
      description: "Add two whole numbers",
      parameters: {
        type: "object",
        properties: { a: { type: "integer" }, b: { type: "integer" } },
        required: ["a", "b"],
      },
    },
  },
]);
const EXPERIMENT = {
  name: "sums",
  preset: "grpo",
  model: "model",
  tools: ["sums.tools.json"],
  train: "sums.questions.jsonl",
  environment: { functions: "./world.ts", results: "sums.results.jsonl" },
  trajectories: "sums.trajectories.jsonl",
};
const add = { name: "add", arguments: { a: 1, b: 2 } };
const QUESTION = {
  id: "a",
  query: "How much are 1 and 2?",
  tools: ["add"],
  answer: "3",
  uses: [{ call: add, score: 9 }],
};
const RESULT = { call: add, result: { sum: 3 } };
const { judge: _, ...settings } = SPARK_DEFAULTS;
const sha256 = "0".repeat(64);
const HEADER = {
  trajectories: 1,
  product: "1.0.0",
  seed: 0,
  judge: "exact",
  settings: { ...settings, lengths: { prompt: 100, response: 100 } },
  model: { name: "model", sha256 },
  engine: { device: "cpu", threads: 1, runtime: "x" },
  questions: { count: 1, sha256 },
  tools: sha256,
  prompts: sha256,
  environment: {},
};
const TRAJECTORY = {
  question: "a",
  query: QUESTION.query,
  tools: ["add"],
  accepted: ["3"],
  turns: [],
  end: "prompt too long",
  correct: false,
};

const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

interface Changes {
  questions?: object[];
  results?: object[];
  trajectories?: object[];
  experiment?: object;
}

/** Each finding as `file rule: the text it stands at`. */
async function findings(t: TestContext, changes: Changes): Promise<string[]> {
  const { questions = [QUESTION], results = [RESULT], trajectories = [HEADER, TRAJECTORY], experiment = {} } = changes;
  const folder = folderWith(t, {
    "sums.tools.json": CATALOG,
    "sums.questions.jsonl": lines(...questions),
    "sums.results.jsonl": lines(...results),
    "sums.trajectories.jsonl": lines(...trajectories),
    "world.ts": "export default {};",
    "experiment.json": JSON.stringify({ ...EXPERIMENT, ...experiment }),
    "model/config.json": "{}",
  });
  const names = ["sums.questions.jsonl", "sums.results.jsonl", "sums.trajectories.jsonl", "experiment.json"];
  const found: string[] = [];
  for await (const batch of validateFiles(
    names.map((name) => join(folder, name)),
    { rules: RuleSet.standard },
  )) {
    for (const { file, finding, range } of batch) {
      if (finding.severity === "hint") continue;
      const line = readFileSync(file, "utf8").split("\n")[range.start.line] ?? "";
      const text = line.slice(range.start.character, range.end.character);
      found.push(`${basename(file).split(".")[1]} ${finding.rule}: ${text}`);
    }
  }
  return found;
}

test("files that generation takes have no findings", async (t) => {
  assert.deepEqual(await findings(t, {}), []);
  const skipped = { question: "a", query: "?", tools: ["add"], skipped: "no JSON", turn: 0 };
  assert.deepEqual(await findings(t, { trajectories: [HEADER, skipped] }), []);
  const complaint = { call: { name: "add", arguments: { a: "one" } }, result: "numbers, please" };
  assert.deepEqual(await findings(t, { results: [complaint] }), [], "a complaint about wrong arguments is a result");
});

test("a use that its tool does not take stands where it is written", async (t) => {
  const uses = [
    { call: { name: "ad", arguments: {} } },
    { call: { name: "add", arguments: { a: 1, b: "2" } } },
    { call: { name: "add", arguments: { a: 1 } } },
  ];
  assert.deepEqual(await findings(t, { questions: [{ ...QUESTION, uses }] }), [
    'questions unknown-tool: "ad"',
    'questions argument-type: "2"',
    'questions argument-missing: {"a":1}',
  ]);
});

test("ids that are used twice, answers that are missing, keys that nobody knows", async (t) => {
  const other = { ...QUESTION, query: "And 2 and 2?", answer: "4", uses: [] };
  assert.deepEqual(await findings(t, { questions: [QUESTION, other] }), ['questions duplicate-id: "a"']);
  const { answer: _answer, ...unanswered } = QUESTION;
  const [missing] = await findings(t, { questions: [unanswered] });
  assert.match(missing ?? "", /^questions record-shape: /);
  for (const [changes, place] of [
    [{ answer: " " }, '" "'],
    [{ accept: [3] }, "3"],
    [{ acept: ["three"] }, '"acept"'],
    [{ uses: [{ call: add, score: 12 }] }, "12"],
  ] as const)
    assert.deepEqual(await findings(t, { questions: [{ ...QUESTION, ...changes }] }), [
      `questions record-shape: ${place}`,
    ]);
});

test("a result of a tool that nobody defines, and lines that are no trajectories", async (t) => {
  const result = { call: { name: "plus", arguments: {} }, result: 1 };
  assert.deepEqual(await findings(t, { results: [result] }), ['results unknown-tool: "plus"']);
  const [odd] = await findings(t, { trajectories: [HEADER, { ...TRAJECTORY, end: "bored" }] });
  assert.equal(odd, 'trajectories record-shape: "bored"');
});

test("an experiment names files that are there, and budgets that fit", async (t) => {
  assert.deepEqual(
    await findings(t, { experiment: { environment: { functions: "./wrld.ts", results: "no.jsonl" } } }),
    ['json experiment-path: "./wrld.ts"', 'json experiment-path: "no.jsonl"'],
  );
  const tight = { lengths: { response: 64 }, spark: { thought: 64 } };
  assert.deepEqual(await findings(t, { experiment: { settings: tight } }), ["json experiment-settings: 64"]);
});
