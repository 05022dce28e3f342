import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const corpus = path.resolve(root, "../shared/corpus");
const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-validate-"));
after(() => rmSync(folder, { recursive: true }));

function validate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, "server/cli.ts"), "validate", ...args],
    {
      encoding: "utf8",
      cwd: folder,
      maxBuffer: 1 << 28,
    },
  );
  return { status, stdout, stderr };
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

function sample(id: string, args: object, more: object = {}): string {
  const query = `Weather, ${id}?`;
  return JSON.stringify({
    id,
    query,
    tools: ["get_weather"],
    answer: [{ name: "get_weather", arguments: args }],
    ...more,
  });
}

test("the quickstart is clean", () => {
  const { status, stdout } = validate(path.join(root, "examples/quickstart"));
  assert.match(stdout, /^10 files: 0 errors, 0 warnings, 0 notices, 0 hints\n$/);
  assert.equal(status, 0);
});

test("an experiment is checked as training checks it, and what it names is looked for", () => {
  const experiment = { name: "a", preset: "grpo", model: "m", tools: ["nowhere.tools.json"], train: "e.samples.jsonl" };
  write("e.samples.jsonl", `${sample("a", { city: "Oslo" })}\n`);
  write("e.experiment.json", JSON.stringify({ ...experiment, sed: 1, settings: { sampling: { groupSize: 0 } } }));
  const codes = (): [string, string][] =>
    validate("e.experiment.json", "--format", "json")
      .stdout.split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map(({ code, message }) => [code, message]);
  assert.deepEqual(codes().sort(), [
    ["experiment-path", 'There is no file "nowhere.tools.json" beside this experiment.'],
    ["experiment-path", 'There is no folder "m".'],
    ["record-shape", '"sed" is not a known key here; did you mean "seed"?'],
    ["record-shape", "This must be 1 or more, but it is 0."],
  ]);
  write("e.experiment.json", JSON.stringify({ ...experiment, settings: { reward: "./gone.ts" } }));
  assert.ok(codes().some(([, message]) => message === 'There is no file "./gone.ts" beside this experiment.'));
  write("e.experiment.json", JSON.stringify({ ...experiment, model: "nobody/has-this" }));
  assert.ok(
    codes().some(
      ([code, message]) => code === "experiment-path" && /: hf download nobody\/has-this /.test(message ?? ""),
    ),
  );
  write("e.experiment.json", JSON.stringify({ ...experiment, settings: { sampling: { groupSize: 1 } } }));
  assert.match(codes().find(([code]) => code === "experiment-settings")?.[1] ?? "", /^A group of one completion/);
});

test("a provider's rules are asked only where its profile is chosen", () => {
  write("p.tools.json", JSON.stringify([weather]));
  assert.equal(validate("p.tools.json", "--format", "json").stdout, "");
  const { status, stdout } = validate("p.tools.json", "--profile", "openai-strict", "--format", "json");
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).code, "strict-closed");
  assert.equal(validate("p.tools.json", "--profile", "nobody").status, 2);
});

test("a finding is one object with the range of what is wrong, and errors end with 1", () => {
  write("w.tools.json", JSON.stringify([weather], undefined, 2));
  write("w.samples.jsonl", `${sample("a", { city: "Oslo" })}\r\n${sample("b", { city: 7 })}\n`);
  const { status, stdout } = validate("w.*", "--format", "json");
  assert.equal(status, 1);
  const column = sample("b", { city: 7 }).indexOf("7") + 1;
  assert.deepEqual(JSON.parse(stdout), {
    file: "w.samples.jsonl",
    line: 2,
    column,
    endLine: 2,
    endColumn: column + 1,
    severity: "error",
    code: "argument-type",
    message: 'The argument "city" of "get_weather" is 7, but the tool declares string.',
  });
  assert.equal(validate("w.*", "--rule", "argument-type=warning").status, 0);
  assert.equal(validate("w.*", "--rule", "argument-type=off", "--format", "json").stdout, "");
  const sarif = JSON.parse(validate("w.*", "--format", "sarif").stdout);
  assert.equal(sarif.runs[0].results[0].ruleId, "argument-type");
  assert.deepEqual(sarif.runs[0].results[0].locations[0].physicalLocation.region, {
    startLine: 2,
    startColumn: column,
    endLine: 2,
    endColumn: column + 1,
  });
});

test("records are compared across the files of an experiment", () => {
  write("e.tools.json", JSON.stringify([weather]));
  write("e.train.samples.jsonl", `${sample("a", { city: "Oslo" })}\n${sample("a", { city: "Rome" })}\n`);
  write("e.heldout.samples.jsonl", `${sample("a", { city: "Oslo" })}\n`);
  write("e.demos.jsonl", `{"id":"d","query":"Hello","answer":[]}\n{"id":"e","query":"Hello","answer":[]}\n`);
  const experiment = { name: "e", preset: "grpo", model: "m", tools: ["e.tools.json"], train: "e.train.samples.jsonl" };
  const files = { heldOut: "e.heldout.samples.jsonl", demonstrations: "e.demos.jsonl" };
  write("e.experiment.json", JSON.stringify({ ...experiment, ...files }));
  const found = validate("e.tools.json", "e.*.jsonl", "--format", "json")
    .stdout.trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(found.map(({ file, line, code }) => `${file}:${line} ${code}`).sort(), [
    "e.demos.jsonl:2 duplicate-demonstration",
    "e.heldout.samples.jsonl:1 held-out-overlap",
    "e.train.samples.jsonl:2 duplicate-id",
  ]);
});

test("hostile records get one finding each, and the file is read on", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const long = `{"id":"${"x".repeat(6_000_000)}"}`;
  const lines = [
    sample("a", { city: "Oslo" }),
    deep,
    long,
    '{"a":1,"__proto__":{},"a":2}',
    '{"n":1e999,"m":12345678901234567890}',
    "{'a': 1}",
  ];
  write("hostile.samples.jsonl", `\uFEFF${lines.join("\n")}\r${sample("z", { city: "Rome" })}`);
  const { stdout } = validate("hostile.samples.jsonl", "--format", "json", "--rule", "record-shape=off");
  const found = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    found.map(({ line, code }) => `${line} ${code}`),
    ["2 record-too-deep", "3 record-too-long", "4 duplicate-key", "6 json-syntax"],
  );
});

test("misuse ends with 2 and one sentence", () => {
  for (const [args, complaint] of [
    [["nothing-here.jsonl"], /No file is named by "nothing-here.jsonl"/],
    [["w.*", "--dialect", "openia"], /no dialect "openia"; did you mean "openai"\?/],
    [["w.*", "--rule", "argument-typ=off"], /no rule "argument-typ"; did you mean "argument-type"\?/],
    [["w.*", "--rule", "argument-type=loud"], /one of error, warning/],
    [["w.*", "--format", "xml"], /text, json, sarif/],
  ] as const) {
    const { status, stderr } = validate(...args);
    assert.equal(status, 2);
    assert.match(stderr, complaint);
  }
});

const withoutCorpus = existsSync(corpus) ? false : "the corpus is not on this machine";

test("the clean controls of the corpus have no errors", { skip: withoutCorpus }, () => {
  const controls = [
    "mcp/tools-list/*.json",
    "mcp/examples-2026-07-28/*/*.json",
    "tau-bench/*_tools.json",
    "qwen-agent/*.json",
    "trl/*.jsonl",
    "mistral-finetune/*.json",
  ];
  const files = controls.flatMap((pattern) => globSync(path.join(corpus, pattern)));
  assert.ok(files.length > 100);
  const { status, stdout } = validate(...files, "--format", "json");
  assert.deepEqual(
    stdout.split("\n").filter((line) => line.includes('"severity":"error"')),
    [],
  );
  assert.equal(status, 0);
});
