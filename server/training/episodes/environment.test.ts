import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Question } from "../../../schemas/questions.ts";
import { SPARK_DEFAULTS } from "../../../schemas/spark.ts";
import { parseExactJson } from "../../toolcalls/json.ts";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { resolveExperiment } from "../experiment.ts";
import { EPISODE_TOOLS, linesOf, writeEpisodes } from "../testing/episodeWorkspace.ts";
import { temporaryFolder } from "../testing/harness.ts";
import { Environment, type Observation } from "./environment.ts";
import type { Action } from "./turn.ts";

const tools = new Map(EPISODE_TOOLS.map((tool) => [tool.function.name, tool]));
const question: Question = { id: "q", query: "?", tools: ["add", "look_up"], answer: "1" };
const call = (name: string, args: object): Extract<Action, { kind: "call" }> => ({
  kind: "call",
  name,
  arguments: args,
});
const add = call("add", { a: 1, b: 2 });
const look = (word: string) => call("look_up", { word });

async function world(
  t: TestContext,
  {
    code,
    results,
    limits = SPARK_DEFAULTS.functions,
  }: { code?: string; results?: unknown[]; limits?: typeof SPARK_DEFAULTS.functions },
): Promise<Environment> {
  const folder = folderWith(t, {
    "package.json": "{}",
    ...(code !== undefined && { "world.mjs": code }),
    ...(results && { "w.results.jsonl": linesOf(results) }),
  });
  const environment = await Environment.open({
    files: {
      ...(code !== undefined && { functions: join(folder, "world.mjs") }),
      ...(results && { results: join(folder, "w.results.jsonl") }),
    },
    limits,
    tools,
  });
  t.after(() => environment.dispose());
  return environment;
}

const answering = (body: string): string => `export default { look_up: ({ word }) => { ${body} } };`;

test("the question's own results come first, then the file's, then the function", async (t) => {
  const environment = await world(t, {
    code: "export default { add: ({ a, b }) => a + b, look_up: ({ word }) => 'the function has ' + word };",
    results: [
      { call: { name: "look_up", arguments: { word: "one" } }, result: "of the file" },
      { call: { name: "add", arguments: { b: 2.0, a: 1 } }, result: { sum: 3 } },
    ],
  });
  const own: Question = {
    ...question,
    results: [{ call: { name: "look_up", arguments: { word: "one" } }, result: ["of the question"] }],
  };
  assert.deepEqual(await environment.observe(own, look("one")), { text: '["of the question"]' });
  assert.deepEqual(await environment.observe(question, look("one")), { text: "of the file" });
  assert.deepEqual(await environment.observe(question, look("two")), { text: "the function has two" });
  assert.deepEqual(await environment.observe(question, add), { text: '{"sum":3}' }, "keys in any order, 2.0 as 2");
  assert.deepEqual(await environment.observe(question, call("add", { a: 1, b: 3 })), { text: "4" });
  assert.deepEqual(environment.unanswered(["add", "sum_up", "look_up"]), ["sum_up"]);
});

test("a call that the tool does not take is refused before it, with what is wrong", async (t) => {
  const environment = await world(t, { code: "export default { add: () => { throw new Error('reached'); } };" });
  const text = async (action: Parameters<Environment["observe"]>[1]): Promise<Observation> =>
    environment.observe(question, action);
  assert.deepEqual(await text(call("ad", {})), {
    text: 'There is no tool "ad" here; did you mean "add"?',
    trouble: "refused",
  });
  assert.equal((await text(call("sum_up", { a: 1, b: 2 }))).trouble, "refused", "it is not offered");
  assert.match((await text(call("add", { a: 1 }))).text, /^The required argument "b" of "add" is missing/);
  assert.match((await text(call("add", { a: 1, b: "2" }))).text, /declares integer/);
  assert.deepEqual(await text({ kind: "broken", fault: "the answer is never closed" }), {
    text: "This action cannot be read: the answer is never closed.",
    trouble: "broken",
  });
  assert.deepEqual(await text(look("x")), { text: 'The tool "look_up" has no result for this call.', trouble: "none" });
});

test("a recorded complaint is what a wrong call gets", async (t) => {
  const result = { call: { name: "add", arguments: { a: "one" } }, result: "numbers, please" };
  const environment = await world(t, { results: [result] });
  assert.deepEqual(await environment.observe(question, call("add", { a: "one" })), { text: "numbers, please" });
});

for (const [what, body, expected] of [
  ["throws", "throw new Error('no line\\u001b[2J to it.')", /^The tool failed: no line\\u001b\[2J to it\.$/],
  ["throws no error", "throw 'nothing'", /^The tool failed: nothing\.$/],
  ["returns nothing", "", /nothing that can be written as JSON/],
  ["returns NaN", "return { deep: [NaN] }", /nothing that can be written as JSON/],
  ["returns a map", "return new Map()", /nothing that can be written as JSON/],
  ["returns itself", "const a = []; a.push(a); return a", /nothing that can be written as JSON/],
  ["returns a function", "return () => 1", /^The tool failed: .*could not be cloned/],
  ["returns a large number", "return 2n ** 70n", /nothing that can be written as JSON/],
] as const) {
  test(`a tool that ${what} is an observation, and the next call is answered`, async (t) => {
    const environment = await world(t, { code: answering(`if (word === "ok") return "fine"; ${body}`) });
    const seen = await environment.observe(question, look("x"));
    assert.equal(seen.trouble, "failed");
    assert.match(seen.text, expected);
    assert.deepEqual(await environment.observe(question, look("ok")), { text: "fine" });
  });
}

test("time and memory have limits, which say where they are set; the next call gets another thread", async (t) => {
  const code = answering(
    "while (word === 'loop'); if (word === 'hungry') { const all = []; for (;;) all.push(new Array(10000).fill(1.5)); } if (word === 'buffer') { const all = []; for (;;) all.push(new Uint8Array(8 * 2 ** 20).fill(1)); } if (word === 'leave') process.exit(3); return word;",
  );
  const environment = await world(t, { code, limits: { seconds: 20, memory: 32 } });
  const quick = await world(t, { code, limits: { seconds: 0.3, memory: 64 } });
  const seen = await quick.observe(question, look("loop"));
  assert.deepEqual(seen, {
    text: "The tool failed: the call took more than 0.3 s (settings.spark.functions.seconds).",
    trouble: "cut",
  });
  for (const word of ["hungry", "buffer"]) {
    const { text } = await environment.observe(question, look(word));
    assert.match(text, /more than 32 MiB \(settings\.spark\.functions\.memory\)/, word);
  }
  assert.match((await environment.observe(question, look("leave"))).text, /ended its thread \(exit code 3\)/);
  assert.deepEqual(await environment.observe(question, look("on")), { text: "on" });
});

test("numbers of any size reach a recorded result, and its text keeps their digits", async (t) => {
  const folder = folderWith(t, {
    "w.results.jsonl":
      '{"call":{"name":"add","arguments":{"a":9007199254740993,"b":0}},"result":{"sum":9007199254740993}}\n',
  });
  const files = { results: join(folder, "w.results.jsonl") };
  const environment = await Environment.open({ files, limits: SPARK_DEFAULTS.functions, tools });
  const args = parseExactJson('{"a":9007199254740993,"b":0}') as object;
  assert.deepEqual(await environment.observe(question, call("add", args)), { text: '{"sum":9007199254740993}' });
});

test("files at fault are named before anything begins", async (t) => {
  const refused = async (files: Parameters<typeof world>[1]): Promise<string> => {
    const failure = await world(t, files).then(
      () => assert.fail("it was opened"),
      (error: unknown) => error,
    );
    return faultOf("nowhere", () => {
      throw failure;
    }).replace(/^.*[\\/](?=\w+\.(mjs|results))/, "");
  };
  const result = { call: { name: "add", arguments: {} }, result: 1 };
  assert.equal(
    await refused({ results: [result, result] }),
    "w.results.jsonl:2:2 (call): The result of this call is recorded on line 1 already; keep one of them.",
  );
  assert.match(await refused({ results: [{ ...result, call: { name: "ad", arguments: {} } }] }), /did you mean "add"/);
  assert.match(await refused({ results: [{ call: { name: "add" }, result: 1 }] }), /"arguments" is missing/);
  assert.equal(
    await refused({ code: "export default { plus: () => 1 };" }),
    'world.mjs: No catalog defines a tool for the function "plus".',
  );
  for (const code of ["export default 1;", "export default { add: 1 };", "export default {};", "export const add = 1;"])
    assert.match(
      await refused({ code }),
      /This file of tools cannot be used: its default export is no object of functions by the names of tools/,
    );
});

test("an experiment names tools of its own project and no other, and where trajectories go", (t) => {
  const folder = temporaryFolder(t);
  const resolved = resolveExperiment(writeEpisodes(folder, { files: { "r.jsonl": "" } }), {});
  assert.deepEqual(resolved.environment, { functions: join(folder, "world.mjs") });
  assert.equal(resolved.trajectories, join(folder, "sums.trajectories.jsonl"));
  const elsewhere = folderWith(t, { "world.mjs": "export default {};" });
  symlinkSync(join(elsewhere, "world.mjs"), join(folder, "link.mjs"));
  for (const [environment, fault] of [
    [
      { functions: "./link.mjs" },
      /\(environment\.functions\): A file of tools must lie in the experiment's own project/,
    ],
    [{ functions: "./none.mjs" }, /\(environment\.functions\): There is no file/],
    [
      { functions: "world.mjs" },
      /\(environment\.functions\): This must be a TypeScript or JavaScript file of your own/,
    ],
    [{ results: "none.jsonl" }, /\(environment\.results\): There is no file/],
  ] as const)
    assert.match(
      faultOf(folder, () => resolveExperiment(writeEpisodes(folder, { experiment: { environment } }), {})),
      fault,
    );
});
