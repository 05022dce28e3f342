import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { REWARD_DEFAULTS } from "../../../schemas/rewards.ts";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { apiBankTasks } from "./apiBank.ts";
import { bfclTasks } from "./bfcl.ts";

const settings = REWARD_DEFAULTS["bfcl-ast"];
const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const call = (name: string, values: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`;

const BFCL = {
  "question/BFCL_v4_parallel.json": lines({
    id: "parallel_0",
    question: [
      [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Both?" },
      ],
    ],
    function: [
      {
        name: "m.f",
        description: "d",
        parameters: {
          type: "dict",
          properties: { x: { type: "float" }, l: { type: "tuple", items: { type: "dict" } } },
          required: ["x"],
        },
      },
    ],
  }),
  "possible_answer/BFCL_v4_parallel.json": lines({
    id: "parallel_0",
    ground_truth: [{ "m.f": { x: [1.5], l: [""] } }, { "m.f": { x: [2], l: [""] } }],
  }),
  "question/BFCL_v4_irrelevance.json": lines({
    id: "irrelevance_0",
    question: [[{ role: "user", content: "?" }]],
    function: [],
  }),
};

test("BFCL's questions are read with their tools and judged as BFCL does", (t) => {
  const [parallel, irrelevance] = bfclTasks(folderWith(t, BFCL), settings);
  assert.ok(parallel !== undefined && irrelevance !== undefined);
  assert.deepEqual(parallel.messages, [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Both?" },
  ]);
  assert.deepEqual(parallel.tools[0]?.function.parameters, {
    type: "object",
    properties: { x: { type: "number" }, l: { type: "array", items: { type: "object" } } },
    required: ["x"],
  });
  assert.deepEqual(parallel.called, ["m.f", "m.f"]);
  assert.deepEqual(parallel.judge(call("m.f", { x: 2 }) + call("m.f", { x: 1.5 })), { right: true, reason: "valid" });
  assert.equal(parallel.judge(call("m.f", { x: 2 })).reason, "parallel_function_checker_no_order:wrong_count");
  assert.equal(irrelevance.judge("No tool fits.").right, true);
  assert.equal(irrelevance.judge(call("m.f", {})).right, false);
  const [dotless] = bfclTasks(folderWith(t, BFCL), { ...settings, underscoreToDot: true }, ["parallel"]);
  assert.equal(dotless?.tools[0]?.function.name, "m_f");
  assert.equal(dotless?.judge(call("m_f", { x: 2 }) + call("m_f", { x: 1.5 })).right, true);
});

const DIALOGUE = lines(
  { role: "User", text: "Book it." },
  { role: "API", api_name: "ToolSearcher", param_dict: { keywords: "book" }, result: { output: [1] } },
  { role: "AI", text: "Found." },
  { role: "API", api_name: "Book", param_dict: { seats: "2", names: ["a", "b"] }, result: { output: "ok" } },
);

test("API-Bank asks for each call of a dialogue", (t) => {
  const folder = folderWith(t, {
    "level-1-given-desc/one.jsonl": DIALOGUE,
    "level-2-toolsearcher/two.jsonl": DIALOGUE,
    "tools_from_apis.json": JSON.stringify([
      { name: "Book", description: "Books.", input_parameters: { seats: { type: "int", description: "How many." } } },
    ]),
  });
  const tasks = apiBankTasks(folder);
  assert.deepEqual(
    tasks.map(({ id, category, messages, tools }) => [
      id,
      category,
      messages.length,
      tools.map((tool) => tool.function.name),
    ]),
    [
      ["one#1", "level-1", 1, ["ToolSearcher", "Book"]],
      ["one#3", "level-1", 3, ["ToolSearcher", "Book"]],
      ["two#1", "level-2", 1, ["ToolSearcher"]],
      ["two#3", "level-2", 3, ["ToolSearcher"]],
    ],
  );
  const book = tasks[1];
  assert.ok(book !== undefined);
  assert.equal(book.messages[1]?.content, "[ToolSearcher(keywords='book')] Response: [1]");
  assert.deepEqual(book.tools[1]?.function, {
    name: "Book",
    description: "Books.",
    parameters: { type: "object", properties: { seats: { type: "integer", description: "How many." } } },
  });
  assert.equal(book.judge(call("Book", { seats: 2, names: ["a", "b"] })).right, true);
  assert.equal(book.judge("API-Request: [Book(seats='2', names=['a', 'b'])]").right, true);
  assert.equal(
    book.judge(call("Book", { seats: 3, names: ["a", "b"] })).reason,
    "the parameters are not the gold ones",
  );
  assert.equal(book.judge(call("Book", { seats: "2" })).right, false);
  assert.equal(book.judge(call("Cancel", {})).reason, "another API was called");
  assert.equal(book.judge("Done.").reason, "no call was made");
});

test("folders and lines that are something else are told", (t) => {
  const folder = folderWith(t, {
    "question/BFCL_v4_multiple.json": "{bad\n",
    "level-1-given-desc/x.jsonl": '{"role": "API"}\n',
    ...BFCL,
  });
  assert.match(
    faultOf(folder, () => bfclTasks(folder, settings, ["simple_python"])),
    /There is no question\/BFCL_v4_<category>\.json of simple_python/,
  );
  assert.match(
    faultOf(folder, () => apiBankTasks(join(folder, "question"))),
    /There is no level-1-given-desc or/,
  );
  assert.match(
    faultOf(folder, () => apiBankTasks(folder)),
    /x\.jsonl:1: This line is no turn/,
  );
});

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));

test("the projects' own files are read whole, and their gold answers are right", {
  skip: !existsSync(corpus) && "no corpus",
}, () => {
  const tasks = bfclTasks(join(corpus, "bfcl"), settings);
  assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
  assert.ok(tasks.length > 3500, `${tasks.length}`);
  for (const task of tasks.filter(({ category }) => category.includes("irrelevance")))
    assert.equal(task.judge("I cannot do that.").right, true, task.id);
  const calls = apiBankTasks(join(corpus, "api-bank"));
  assert.ok(calls.length > 400, `${calls.length}`);
  assert.deepEqual([...new Set(calls.map(({ category }) => category))], ["level-1", "level-2"]);
});
