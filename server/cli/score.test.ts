import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { folderWith } from "../toolcalls/testing/files.ts";

const cli = join(import.meta.dirname, "../cli.ts");

function score(
  t: TestContext,
  lines: readonly string[],
  options: readonly string[],
  files: Record<string, string> = {},
) {
  const folder = folderWith(t, { "pairs.jsonl": lines.map((line) => `${line}\n`).join(""), ...files });
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      cli,
      "score",
      "--input",
      join(folder, "pairs.jsonl"),
      ...options.map((option) => option.replace("FOLDER", folder)),
    ],
    { encoding: "utf8", timeout: 60_000 },
  );
  return {
    answers: stdout
      .trimEnd()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    stderr,
    status,
  };
}

const gold = '<think> g </think>\n<tool_call>\n{"name": "f", "parameters": {"x": 1}}\n</tool_call>';

test("ToolRL's pairs, with the original's own switches and errors", (t) => {
  const pair = (id: string, more: object): string => JSON.stringify({ id, gold, completion: gold, ...more });
  const { answers, status, stderr } = score(
    t,
    [
      pair("a", {}),
      pair("b", { env: { EXPERIMENT_NAME: "qwen", MAX1STEP30MAX3: "1" }, step: 30 }),
      pair("c", { env: { EXPERIMENT_NAME: "gpt" } }),
      pair("d", { gold: "<tool_call></tool_call>" }),
    ],
    ["--reward", "toolrl"],
  );
  assert.deepEqual(answers, [
    { id: "a", score: { total: 4, format: 1, correctness: 3, length: 0 } },
    { id: "b", score: { total: 3.5, format: 0.5, correctness: 3, length: 0 } },
    { id: "c", error: "NotImplementedError: Unknown model name: gpt" },
    { id: "d", error: "JSONDecodeError: Expecting value: line 1 column 1 (char 0)" },
  ]);
  assert.equal(status, 0);
  assert.equal(stderr, "2 pairs scored; the reward raises on 2\n");
});

test("Tool-N1's pairs in all variants, or in one", (t) => {
  const pair = JSON.stringify({
    id: 1,
    gold: '[{"name": "f", "arguments": {}}]',
    completion: "<think></think><tool_call>5</tool_call>",
  });
  const error = { error: "TypeError: 'int' object is not iterable" };
  const all = { v0: error, llama: error, v1: error, v2: error, v3: error, v4: error };
  assert.deepEqual(score(t, [pair], ["--reward", "tool-n1"]).answers, [{ id: 1, score: all }]);
  const one = ["--reward", "tool-n1", "--settings", '{"tool-n1": {"variant": "v1"}}'];
  assert.deepEqual(score(t, [pair], one).answers, [{ id: 1, ...error }]);
});

const questions = {
  "data/question/BFCL_v4_simple_python.json": `${JSON.stringify({
    id: "simple_python_0",
    question: [[{ role: "user", content: "?" }]],
    function: [{ name: "f", parameters: { type: "dict", properties: { x: { type: "integer" } }, required: ["x"] } }],
  })}\n`,
  "data/possible_answer/BFCL_v4_simple_python.json": '{"id": "simple_python_0", "ground_truth": [{"f": {"x": [1]}}]}\n',
  "data/question/BFCL_v4_irrelevance.json": '{"id": "irrelevance_0", "question": [[]], "function": []}\n',
};

test("BFCL's pairs, and the lines of its result files, judged with its own files", (t) => {
  const { answers, status } = score(
    t,
    [
      '{"id": "p", "category": "simple_python", "decoder": "decoded", "ref": "simple_python_0", "completion": [{"f": {"x": 1.0}}]}',
      '{"id": "simple_python_0", "result": "<tool_call>\\n{\\"name\\": \\"f\\", \\"arguments\\": {\\"x\\": 1}}\\n</tool_call>"}',
      '{"id": "irrelevance_0", "result": "None of them."}',
    ],
    ["--reward", "bfcl-ast", "--corpus", "FOLDER/data"],
    questions,
  );
  assert.deepEqual(answers, [
    { id: "p", score: { valid: false, error_type: "type_error:simple" } },
    { id: "simple_python_0", score: { valid: true, error_type: null } },
    { id: "irrelevance_0", score: { valid: true, error_type: null } },
  ]);
  assert.equal(status, 0);
});

test("rewards of samples take the gold calls, as they are or as a text", (t) => {
  const call = { name: "f", arguments: { x: 1 } };
  const completion = `<tool_call>${JSON.stringify(call)}</tool_call>`;
  const lines = [
    { id: "a", completion, gold: [call] },
    { id: "b", completion, gold: JSON.stringify([{ ...call, arguments: {} }]) },
  ];
  const { answers } = score(
    t,
    lines.map((line) => JSON.stringify(line)),
    ["--reward", "toolexpander"],
  );
  assert.deepEqual(answers, [
    { id: "a", score: { total: 1, format: 1, result: 1 } },
    { id: "b", score: { total: 0, format: 1, result: 0 } },
  ]);
});

test("bad lines are named, answered in their place, and the rest is scored", (t) => {
  const lines = [
    "{bad",
    '{"id": "x"}',
    JSON.stringify({ id: "y", completion: gold, gold: 5 }),
    JSON.stringify({ id: "z", completion: gold, gold }),
  ];
  const { answers, status, stderr } = score(t, lines, ["--reward", "toolrl"]);
  assert.match(answers[0].error, /^JSONDecodeError: Expecting property name/);
  assert.deepEqual(answers[0].line, 1);
  assert.deepEqual(answers.slice(1, 3), [
    { id: "x", error: '"completion" is missing' },
    { id: "y", error: '"gold" is not a text' },
  ]);
  assert.equal(answers[3].score.total, 4);
  assert.match(
    stderr,
    /^1 pair scored; 3 lines could not be read: 1 \(.*\), 2 \("completion" is missing\), 3 \("gold" is not a text\)\n$/,
  );
  assert.equal(status, 1);
});

test("a reward, a file and settings that are not there are told", (t) => {
  const told = (options: string[]): string => score(t, [], options).stderr;
  assert.match(told(["--reward", "toolrI"]), /There is no reward "toolrI"; did you mean "toolrl"\?/);
  assert.match(told(["--reward", "toolrl", "--input", "FOLDER/none.jsonl"]), /none\.jsonl: There is no such file\./);
  assert.match(told(["--reward", "toolrl", "--settings", "{"]), /--settings is not JSON/);
  assert.match(
    told(["--reward", "toolrl", "--settings", '{"toolrl": {"granularity": "rough"}}']),
    /This must be one of "fine", /,
  );
});
