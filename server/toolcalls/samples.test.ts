import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { loadCatalog } from "./catalog.ts";
import { loadDemonstrations, loadSamples } from "./samples.ts";
import { faultOf, folderWith } from "./testing/files.ts";

const tool = (name: string): object => ({
  type: "function",
  function: { name, description: `Does ${name}.`, parameters: { type: "object", properties: {} } },
});
const catalog = (...names: string[]): string => JSON.stringify(names.map(tool), null, 1);
const lines = (...rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const row = { id: "a", query: "q", tools: ["find", "book_table"], answer: [{ name: "find", arguments: { x: 1 } }] };

function load(t: TestContext, samples: string): { folder: string; read: () => ReturnType<typeof loadSamples> } {
  const folder = folderWith(t, { "c.tools.json": catalog("find", "book_table"), "s.jsonl": samples });
  return { folder, read: () => loadSamples(join(folder, "s.jsonl"), loadCatalog([join(folder, "c.tools.json")])) };
}

function fault(t: TestContext, ...rows: object[]): string {
  const { folder, read } = load(t, lines(...rows));
  return faultOf(folder, read);
}

test("a catalog keeps the tools of all files by name, in file order", (t) => {
  const folder = folderWith(t, { "a.json": catalog("b", "a"), "b.json": catalog("c") });
  const tools = loadCatalog([join(folder, "a.json"), join(folder, "b.json")]);
  assert.deepEqual([...tools.keys()], ["b", "a", "c"]);
  assert.equal(tools.get("a")?.function.description, "Does a.");
  assert.equal(loadCatalog([]).size, 0);
});

test("a tool defined twice names both places", (t) => {
  const folder = folderWith(t, { "a.json": catalog("x", "y"), "b.json": catalog("z", "y") });
  const read = (...files: string[]) => faultOf(folder, () => loadCatalog(files.map((file) => join(folder, file))));
  assert.match(
    read("a.json", "b.json"),
    /^b\.json:\d+:\d+ \(\[1\]\.function\.name\): The tool "y" is already defined at a\.json:\d+:\d+; rename or remove one of them\.$/,
  );
  assert.match(read("a.json", "a.json"), /"x" is already defined at a\.json/);
});

test("a catalog in another dialect is refused with its place", (t) => {
  const folder = folderWith(t, { "a.json": '[{"name": "f", "input_schema": {"type": "object"}}]' });
  assert.equal(
    faultOf(folder, () => loadCatalog([join(folder, "a.json")])),
    'a.json:1:2 ([0]): The key "type" is missing.',
  );
});

test("samples are read with their numbers exact", (t) => {
  const { read } = load(t, `${JSON.stringify(row).replace('"x":1', '"x":12345678901234567890')}\n`);
  assert.equal(JSON.stringify(read()[0]?.answer), '[{"name":"find","arguments":{"x":12345678901234567890}}]');
});

test("every optional key is kept", (t) => {
  const full = {
    ...row,
    category: "single",
    style: "self-exemplify",
    demonstrations: [{ id: "d", query: "q", answer: [] }],
    completion: "text",
  };
  assert.deepEqual(load(t, lines(full)).read(), [full]);
});

test("samples that contradict themselves or the catalog are refused", (t) => {
  assert.equal(fault(t), "s.jsonl: The file holds no samples; write one on each line.");
  assert.equal(
    fault(t, row, { ...row, id: "b" }, row),
    's.jsonl:3:2 (id): The id "a" is already used on line 1; every row needs its own.',
  );
  assert.equal(
    fault(t, { ...row, tools: ["find", "book_tabel"] }),
    's.jsonl:1:39 (tools[1]): No catalog defines the tool "book_tabel"; did you mean "book_table"?',
  );
  assert.match(fault(t, { ...row, tools: ["find", "find"] }), /\(tools\[1\]\): The tool "find" is offered twice/);
  assert.equal(
    fault(t, row, { ...row, id: "b", tools: ["book_table"] }),
    's.jsonl:2:57 (answer[0].name): The answer calls "find", which is not among the tools offered.',
  );
  assert.match(fault(t, { ...row, answr: [] }), /\(answr\): "answr" is not a known key here/);
  assert.match(fault(t, { ...row, style: "loud" }), /\(style\): This must be one of "tool-call", "self-exemplify"/);
  assert.match(
    fault(t, { ...row, answer: [{ name: "find", arguments: "{}" }] }),
    /\(answer\[0\]\.arguments\): This must be an object/,
  );
  const demonstration = { id: "d", query: "q", answer: [{ name: "finder", arguments: {} }] };
  assert.match(
    fault(t, { ...row, demonstrations: [demonstration] }),
    /\(demonstrations\[0\]\.answer\[0\]\.name\): No catalog defines the tool "finder"; did you mean "find"\?$/,
  );
});

test("a sample without tools can only be answered without a call", (t) => {
  const toolless = { ...row, tools: [], answer: [] };
  assert.deepEqual(load(t, lines(toolless)).read(), [toolless]);
  assert.match(
    fault(t, { ...row, tools: [] }),
    /\(answer\[0\]\.name\): The answer calls "find", which is not among the tools/,
  );
});

test("demonstrations are read and refused alike", (t) => {
  const good = { id: "d", query: "q", answer: row.answer };
  const read = (...rows: object[]) => {
    const folder = folderWith(t, { "c.json": catalog("find"), "d.jsonl": lines(...rows) });
    return { folder, load: () => loadDemonstrations(join(folder, "d.jsonl"), loadCatalog([join(folder, "c.json")])) };
  };
  assert.deepEqual(read(good).load(), [good]);
  for (const [rows, expected] of [
    [[], /holds no demonstrations/],
    [[good, good], /already used on line 1/],
    [
      [{ ...good, answer: [{ name: "none", arguments: {} }] }],
      /\(answer\[0\]\.name\): No catalog defines the tool "none"/,
    ],
    [[{ ...good, tools: [] }], /"tools" is not a known key/],
  ] as const) {
    const { folder, load: action } = read(...rows);
    assert.match(faultOf(folder, action), expected);
  }
});
