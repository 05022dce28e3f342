import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { CodeLens, DocumentSymbol, FoldingRange, TextEdit, WorkspaceSymbol } from "vscode-languageserver";
import { CONVERT } from "../messages.ts";
import type { Converted } from "./convert.ts";
import { oneLine } from "./oneLine.ts";
import { DEMOS, TOOLS, TRAIN, Workspace } from "./testing/workspace.ts";

const train = "train.samples.jsonl";
const demos = "quick.demos.jsonl";
const tools = "home.tools.json";
const options = { tabSize: 2, insertSpaces: true };

test("a document's symbols are its tools, samples and calls; the workspace's are found by part of a name", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const symbols = await workspace.request<DocumentSymbol[]>("documentSymbol", train);
  assert.deepEqual(
    symbols.map(({ name, children }) => [name, children?.map((child) => child.name)]),
    [
      ["t1", ["set_heating"]],
      ["t2", ["play_music"]],
      ["t3", []],
    ],
  );
  const find = async (query: string): Promise<string[]> => {
    const found = await workspace.client.sendRequest<WorkspaceSymbol[]>("workspace/symbol", { query });
    return found.map(({ name }) => name).sort();
  };
  assert.deepEqual(await find(""), ["play_music", "set_heating"]);
  assert.deepEqual(await find("HEAT"), ["set_heating"]);
  assert.deepEqual(await find("d2"), ["d2"]);
});

test("brackets fold, and in JSON Lines runs of one category", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const runs = await workspace.request<FoldingRange[]>("foldingRange", train);
  assert.deepEqual(runs, [{ startLine: 0, endLine: 1, kind: "region" }]);
  await workspace.open(tools);
  const [outer] = await workspace.request<FoldingRange[]>("foldingRange", tools);
  assert.deepEqual([outer?.startLine, outer?.endLine], [0, 2]);
});

test("formatting keeps one record per line, line ends, numbers, key order and escapes", async () => {
  await using workspace = await Workspace.start();
  const loose = '{ "z" : 12345678901234567890, "a": [1.0, "\\u00e9 : ,"] }\r\n{broken\r\n\r\n { "b" : 1 }\n';
  await workspace.open(train, loose);
  const all = await workspace.request<TextEdit[]>("formatting", train, { options });
  const expected = '{"z":12345678901234567890,"a":[1.0,"\\u00e9 : ,"]}\r\n{broken\r\n\r\n{"b":1}\n';
  assert.equal(workspace.applied(train, all), expected);
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } };
  const part = await workspace.request<TextEdit[]>("rangeFormatting", train, { options, range });
  assert.equal(workspace.applied(train, part), loose.replace(' { "b" : 1 }', '{"b":1}'));
});

test("an array gets an item on each line, and stays as it is once it has", async () => {
  await using workspace = await Workspace.start();
  const spread = JSON.stringify(JSON.parse(TOOLS), undefined, 4).replaceAll("\n", "\r\n");
  await workspace.open(tools, spread);
  const edits = await workspace.request<TextEdit[]>("formatting", tools, { options });
  assert.equal(workspace.applied(tools, edits), TOOLS.trimEnd().replaceAll("\n", "\r\n"));
  await workspace.open(tools, TOOLS);
  assert.deepEqual(await workspace.request<TextEdit[]>("formatting", tools, { options }), []);
});

test("one line holds the same value, whatever blanks were between its tokens", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      assert.equal(oneLine(JSON.stringify(value, undefined, indent)), JSON.stringify(value));
    }),
    { seed: 11, numRuns: 300 },
  );
});

/** Lenses by the line they stand on, once tools have been counted. */
async function lenses(workspace: Workspace, name: string, until: RegExp): Promise<string[]> {
  const deadline = AbortSignal.timeout(10_000);
  for (;;) {
    const found = await workspace.request<CodeLens[]>("codeLens", name);
    const titles = found.map(({ range, command }) => `${range.start.line}: ${command?.title}`);
    if (titles.some((title) => until.test(title))) return titles;
    deadline.throwIfAborted();
    await new Promise((next) => setImmediate(next));
  }
}

test("lenses count calls of tools, and judge demonstrations", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(tools);
  assert.deepEqual(await lenses(workspace, tools, /./), [
    "1: 1 demonstration · 1 sample",
    "2: 1 demonstration · 1 sample",
  ]);
  await workspace.open(demos);
  assert.deepEqual(await lenses(workspace, demos, /reward/), ["0: reward 1", "1: reward 1"]);
});

test("a long document gets lenses around its visible lines only", async () => {
  await using workspace = await Workspace.start();
  const [line = ""] = DEMOS.split("\n");
  await workspace.open(demos, `${line}\n`.repeat(3000));
  const lines = { uri: workspace.uri(demos), firstLine: 2000, lastLine: 2040 };
  await workspace.client.sendNotification("toolexpander/visibleLines", lines);
  const found = await workspace.request<CodeLens[]>("codeLens", demos);
  const numbers = found.map(({ range }) => range.start.line);
  assert.equal(Math.min(...numbers), 1900);
  assert.equal(Math.max(...numbers), 2140);
});

test("a conversion says what is lost, and changes nothing", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const convert = (dialect: string): Promise<Converted> =>
    workspace.client.sendRequest<Converted>(CONVERT, { uri: workspace.uri(train), dialect });
  const { text, lost } = await convert("openai");
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(rows.length, 3);
  assert.equal(rows[1].messages.at(-1).tool_calls[0].function.name, "play_music");
  assert.deepEqual(
    rows[0].tools.map((tool: { function: { name: string } }) => tool.function.name),
    ["set_heating", "play_music"],
  );
  assert.ok(lost.every((sentence) => typeof sentence === "string"));
  assert.equal((await convert("toolexpander")).text, TRAIN.replaceAll("\r\n", "\n"));
  await assert.rejects(convert("klingon"), /There is no dialect "klingon"/);
});

test("a question of several turns is not taken for a sample: the calls that help in it are no answer", async () => {
  await using workspace = await Workspace.start();
  const uses = [{ call: { name: "play_music", arguments: { artist: "Abba" } } }];
  await workspace.open(train, JSON.stringify({ id: "q", query: "?", tools: ["play_music"], answer: "yes", uses }));
  const request = { uri: workspace.uri(train), dialect: "openai" };
  const { text, lost } = await workspace.client.sendRequest<Converted>(CONVERT, request);
  assert.equal(text, "");
  assert.match(lost.join(), /^Calls without an answer that is made of them are no sample/);
});

test("a catalog is converted to the document that the other dialect has for one, and comes back the same", async () => {
  await using workspace = await Workspace.start();
  const convert = async (text: string, dialect: string): Promise<unknown> => {
    await workspace.open(tools, text);
    const found = await workspace.client.sendRequest<Converted>(CONVERT, { uri: workspace.uri(tools), dialect });
    assert.deepEqual(found.lost, []);
    return JSON.parse(found.text);
  };
  for (const dialect of ["anthropic", "openai-responses", "bfcl", "mcp", "openai"]) {
    const there = await convert(TOOLS, dialect);
    const list = dialect === "mcp" ? Reflect.get(Object(there), "tools") : there;
    assert.equal(Array.isArray(list) && list.length, 2, dialect);
    const back = await convert(JSON.stringify(there), "openai");
    const expected = JSON.stringify(JSON.parse(TOOLS));
    assert.equal(
      JSON.stringify(back).replaceAll('"type":"dict"', '"type":"object"').replaceAll(',"strict":false', ""),
      expected,
    );
  }
});
