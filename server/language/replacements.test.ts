/** Hand edits of samples: what is found in them beside the rows they edit, and what helps while one is typed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { CompletionList, WorkspaceEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Sample } from "../../schemas/samples.ts";
import { follows } from "../toolcalls/check.ts";
import { parseExactJson } from "../toolcalls/json.ts";
import { rowHash } from "../toolcalls/rowHash.ts";
import { folderWith } from "../toolcalls/testing/files.ts";
import { FactIndex } from "./analysis/facts.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { codeActions } from "./features/codeActions.ts";
import { FILES, TRAIN, Workspace } from "./features/testing/workspace.ts";
import { analyzed, surroundings } from "./testing/findings.ts";
import { validateFiles } from "./workspace/validateFiles.ts";

function hashOf(line: string): string {
  const row = parseExactJson(line);
  assert.ok(follows(Sample, row));
  return rowHash(row);
}

const [first = "", second = ""] = TRAIN.split("\r\n");
const heat = (degrees: unknown) => ({ name: "set_heating", arguments: { room: "hall", degrees } });
const head = { sample: "t1", row: hashOf(first), scope: "always" };
const fewshot = (...calls: object[]) => ({
  ...head,
  action: "fewshot",
  demonstrations: [{ query: "Warmer", thought: "21 is warmer.", calls }],
});
const fixGold = (...gold: object[]) => ({ ...head, action: "fixGold", gold });

/** The findings of edits beside an experiment, each with the text it stands at. */
async function validated(t: TestContext, edits: Record<string, object>, validateAll = false): Promise<string[]> {
  const texts = Object.entries(edits).map(([name, edit]) => [
    `replacements/${name}.replacement.json`,
    JSON.stringify(edit, null, 2),
  ]);
  const files: Record<string, string> = { ...FILES, ...Object.fromEntries(texts) };
  const folder = folderWith(t, files);
  const checked = Object.keys(validateAll ? files : Object.fromEntries(texts)).filter((name) => !/^exper/.test(name));
  const found: string[] = [];
  const paths = checked.map((name) => join(folder, name));
  for await (const batch of validateFiles(paths, { rules: RuleSet.standard })) {
    for (const { file, finding, range } of batch) {
      const lines = (files[file.slice(folder.length + 1)] ?? "").split("\n");
      const end = range.end.line === range.start.line ? range.end.character : undefined;
      const at = (lines[range.start.line] ?? "").slice(range.start.character, end).trim();
      found.push(`${finding.severity} ${finding.rule} ${at}`);
    }
  }
  return found;
}

test("an edit that training takes has no findings, beside its experiment and among all files", async (t) => {
  const edits = { a: fewshot(heat(21)), b: { ...head, sample: "t2", row: hashOf(second), action: "exclude" } };
  assert.deepEqual(await validated(t, edits), []);
  assert.deepEqual(await validated(t, edits, true), []);
});

test("the faults of an edit are those of training, each at its place", async (t) => {
  const found = (edit: object) => validated(t, { a: edit });
  assert.deepEqual(await found({ ...fewshot(heat(21)), sample: "t9" }), ['error replacement-row "t9"']);
  const other = hashOf(second);
  assert.deepEqual(await found({ ...fewshot(heat(21)), row: other }), [`error replacement-row "${other}"`]);
  assert.deepEqual(await found(fewshot(heat(20))), ["error leak {"]);
  assert.deepEqual(await found({ ...fewshot(), demonstrations: [] }), ["error replacement-empty []"]);
  assert.deepEqual(await found(fewshot(heat("21"), { name: "set_heatin", arguments: {} })), [
    'error argument-type "21"',
    'error unknown-tool "set_heatin"',
  ]);
  assert.deepEqual(await found({ ...fewshot(heat(21)), demonstration: 1 }), ['error record-shape "demonstration"']);
  assert.deepEqual(await found({ ...fixGold(heat(21)), scope: "whileHard" }), ['error record-shape "whileHard"']);
  assert.deepEqual(await found(fixGold(heat(21))), []);
  const t2 = { sample: "t2", row: other };
  assert.deepEqual(await found({ ...fixGold(heat(21)), ...t2 }), ['error replacement-answer "set_heating"']);
});

test("a gold call of a tool that nobody defines is told once where the catalogs are known", async (t) => {
  const gold = { a: fixGold({ name: "sing", arguments: {} }) };
  assert.deepEqual(await validated(t, gold, true), ['error unknown-tool "sing"']);
});

test("a sample is edited by one file", async (t) => {
  const found = await validated(t, { a: fewshot(heat(21)), b: fixGold(heat(22)), c: fewshot(heat(23)) });
  assert.deepEqual(found, ['error replacement-twice "t1"', 'error replacement-twice "t1"']);
});

test("an edit that repeats a training row or a demonstration is no duplicate and no leak", async (t) => {
  const copied = {
    ...head,
    action: "fewshot",
    demonstrations: [
      { query: "Sing", calls: [{ name: "play_music", arguments: { artist: "Eva" } }] },
      { query: "Music", calls: [{ name: "play_music", arguments: { artist: "Ann" } }] },
    ],
  };
  assert.deepEqual(await validated(t, { a: copied }, true), []);
});

test("an edit is looked at again when its row changes, comes or goes", () => {
  const facts = new FactIndex();
  const [train, edit] = ["/w/train.samples.jsonl", "/w/replacements/a.replacement.json"];
  facts.setRole(train, "train", "/w/experiment.json");
  facts.setRole(edit, "replacements", "/w/experiment.json");
  const rows = analyzed(train, TRAIN, surroundings(facts));
  const edited = analyzed(edit, JSON.stringify(fewshot(heat(21))), surroundings(facts));
  const found = (): string[] => {
    while (!rows.advance(5));
    while (!edited.advance(5));
    return edited.findings(9).findings.map(({ finding }) => finding.message);
  };
  const change = (text: string, line = 0) => {
    const end = rows.document.text.split("\n")[line]?.length ?? 0;
    rows.apply({ range: { start: { line, character: 0 }, end: { line, character: end } }, text });
  };
  assert.deepEqual(found(), []);
  const warmer = first.replace("20", "21");
  change(warmer);
  const changed = `The sample "t1" has changed since this edit was made. Look at the edit again, then set this to "${hashOf(warmer)}".`;
  const leaks = "This demonstration has the very answer of the sample it is shown before; choose another.";
  assert.deepEqual(found().sort(), [changed, leaks]);
  change(first.replace('"id":"t1",', '"id": "t1", '));
  assert.deepEqual(found(), [], "how a row is written does not count");
  change("");
  assert.deepEqual(found(), ['No sample has the id "t1".']);
  change(first);
  assert.deepEqual(found(), []);
});

test("an edit is kept for the row as it is now, with its copy", () => {
  const facts = new FactIndex();
  const [train, edit] = ["/w/train.samples.jsonl", "/w/replacements/a.replacement.json"];
  facts.setRole(train, "train", "/w/experiment.json");
  facts.setRole(edit, "replacements", "/w/experiment.json");
  const warmer = first.replace("20", "21");
  analyzed(train, TRAIN.replace(first, warmer), surroundings(facts));
  const text = JSON.stringify({ ...fewshot(heat(22)), original: JSON.parse(first) });
  const edited = analyzed(edit, text, surroundings(facts));
  const [found] = edited.findings(9).findings;
  assert.match(found?.finding.message ?? "", /has changed since this edit was made \(answer\)/);
  const range = found?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const diagnostics = [{ range, message: "", code: found?.finding.rule ?? "", data: found?.finding.data }];
  const actions = codeActions(edited, { textDocument: { uri: "u" }, range, context: { diagnostics } });
  const [keep] = actions.filter(({ title }) => title.startsWith("Keep this edit"));
  const document = TextDocument.create("", "", 1, text);
  const after = TextDocument.applyEdits(document, keep?.edit?.changes?.u ?? []);
  assert.deepEqual(JSON.parse(after), {
    ...fewshot(heat(22)),
    row: hashOf(warmer),
    original: JSON.parse(warmer),
  });
  edited.close();
  const kept = analyzed(edit, after, surroundings(facts));
  assert.deepEqual(kept.findings(9).findings, []);
});

test("names, arguments and keys of an edit are completed, and a tool is renamed in it", async () => {
  const name = "replacements/t1.replacement.json";
  const text = JSON.stringify(fewshot({ name: "set_heating", arguments: { room: "hall", degrees: 21, mode: "" } }));
  await using workspace = await Workspace.start({ [name]: text });
  await workspace.open("train.samples.jsonl");
  await workspace.open(name, text);
  const labels = async (at: string, within: number): Promise<string[]> => {
    const position = workspace.position(name, at, within);
    const { items } = await workspace.request<CompletionList>("completion", name, { position });
    return items.map(({ label }) => label).sort();
  };
  const deadline = AbortSignal.timeout(10_000);
  while (!(await labels('"mode":""', 8)).includes('"eco"')) deadline.throwIfAborted();
  assert.deepEqual(await labels('"mode":""', 8), ['"comfort"', '"eco"']);
  assert.ok((await labels('"name":"set_heating"', 9)).includes('"play_music"'));
  assert.deepEqual(await labels('"always"', 1), ['"always"', '"whileHard"']);
  const position = workspace.position(name, '"set_heating"', 3);
  const renamed = await workspace.request<WorkspaceEdit>("rename", name, { position, newName: "heat" });
  const edits = renamed.changes?.[workspace.uri(name)] ?? [];
  assert.equal(workspace.applied(name, edits), text.replace("set_heating", "heat"));
  assert.equal(renamed.changes?.[workspace.uri("train.samples.jsonl")]?.length, 2);
});
