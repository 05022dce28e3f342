/** What the language server does for a person, in the extension host: each feature once, on a small workspace of its own. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setup, suite, suiteSetup, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import type { ToolExpander } from "../../../extension/main.ts";
import { makeRun, stepOf } from "../../../extension/rollouts/testing/madeRun.ts";
import { ask, closeAll, codes, open as openFile, PATIENCE_MS, place } from "../support/languageDesk.ts";
import { until } from "../support/until.ts";

const parameters = {
  type: "object",
  properties: {
    room: { type: "string" },
    degrees: { type: "integer" },
    mode: { type: "string", enum: ["eco", "comfort"] },
  },
  required: ["room", "degrees"],
};
const tool = (name: string, description: string) =>
  JSON.stringify({ type: "function", function: { name, description, parameters } });
const tools = `[\n  ${tool("set_heating", "Heats a room")},\n  ${tool("set_cooling", "Cools a room")}\n]\n`;
const call = (degrees: unknown) => [{ name: "set_heating", arguments: { room: "hall", degrees } }];
const sample = (id: string, degrees: unknown): string =>
  `${JSON.stringify({ id, query: `Heat ${id}`, tools: ["set_heating", "set_cooling"], answer: call(degrees), category: "single" })}\n`;
const files: Record<string, string> = {
  "experiment.json": JSON.stringify({
    tools: ["home.tools.json"],
    train: "train.samples.jsonl",
    heldOut: "heldout.samples.jsonl",
    demonstrations: "quick.demos.jsonl",
  }),
  "home.tools.json": tools,
  "train.samples.jsonl": sample("t1", "21") + sample("t2", 22),
  "heldout.samples.jsonl": sample("h1", 23),
  "quick.demos.jsonl": `${JSON.stringify({ id: "d1", query: "Warm the bath", answer: call(24) })}\n`,
  "BFCL_v3_made.json": `${['{"id":"simple_0","ground_truth":[{"set_heating":{"room":["hall"]}}]}', '{"id":"simple_1","ground_truth":[{"set_heating":{"room":["bath"]}}]}'].join("\n")}\n`,
};

suite("language server", () => {
  let folder: string;

  let api: ToolExpander;

  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<ToolExpander>("toolexpander.toolexpander");
    assert.ok(extension, "the extension is not there");
    api = await extension.activate();
  });

  setup(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "toolexpander-language-")));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });

  teardown(async () => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  suiteTeardown(() => vscode.workspace.getConfiguration("toolexpander").update("rules", undefined, true));

  const uriOf = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  const open = (name: string): Promise<vscode.TextDocument> => openFile(uriOf(name));

  test("a wrong argument is found where it stands, and its quick fix repairs it", async () => {
    const document = await open("train.samples.jsonl");
    await until("the diagnostic", PATIENCE_MS, () => codes(document.uri).includes("argument-type"));
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    assert.ok(diagnostic);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(diagnostic.range), '"21"');
    assert.ok(typeof diagnostic.code === "object", "the rule has no page");
    const page = await vscode.workspace.openTextDocument(diagnostic.code.target);
    assert.match(page.getText(), /`argument-type`, error/);
    assert.equal(diagnostic.relatedInformation?.[0]?.location.uri.fsPath, uriOf("home.tools.json").fsPath);
    const actions = await ask<vscode.CodeAction[]>(
      "the quick fix",
      (found) => found.some(({ edit }) => edit !== undefined),
      "vscode.executeCodeActionProvider",
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ edit }) => edit !== undefined);
    assert.ok(fix?.edit);
    assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
    assert.match(document.lineAt(0).text, /"degrees":21\b/);
    await until("the diagnostic's end", PATIENCE_MS, () => !codes(document.uri).includes("argument-type"));
  });

  test("names of tools are offered, and a tool explains itself", async () => {
    const document = await open("train.samples.jsonl");
    const list = await ask<vscode.CompletionList>(
      "the completions",
      ({ items }) =>
        items.some(({ label }) => String(typeof label === "string" ? label : label.label).includes("set_cooling")),
      "vscode.executeCompletionItemProvider",
      document.uri,
      place(document, '"set_heating","set_cooling"'),
    );
    assert.ok(list.items.length >= 1);
    const hovers = await ask<vscode.Hover[]>(
      "the hover",
      (found) => found.length > 0,
      "vscode.executeHoverProvider",
      document.uri,
      place(document, "set_heating"),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === "string" ? part : part.value)),
    );
    assert.match(text.join("\n"), /Heats a room/);
  });

  test("a call leads to its tool's definition, and a tool to what uses it", async () => {
    const document = await open("train.samples.jsonl");
    const isDefinition = (found: vscode.Location | vscode.LocationLink): boolean =>
      ("targetUri" in found ? found.targetUri : found.uri).fsPath === uriOf("home.tools.json").fsPath;
    await ask<(vscode.Location | vscode.LocationLink)[]>(
      "the definition",
      (found) => found.length === 1 && found.every(isDefinition),
      "vscode.executeDefinitionProvider",
      document.uri,
      place(document, "set_heating"),
    );
    const definitions = await open("home.tools.json");
    const references = await ask<vscode.Location[]>(
      "the references",
      (found) => found.length > 1,
      "vscode.executeReferenceProvider",
      definitions.uri,
      place(definitions, "set_heating"),
    );
    const used = new Set(references.map(({ uri }) => uri.fsPath));
    assert.ok(used.has(uriOf("train.samples.jsonl").fsPath), [...used].join());
    assert.ok(used.has(uriOf("quick.demos.jsonl").fsPath), [...used].join());
    const { line, character } = place(definitions, "set_heating");
    await vscode.commands.executeCommand("toolexpander.showReferences", definitions.uri.toString(), {
      line,
      character,
    });
  });

  test("a tool is renamed in every file that names it", async () => {
    const document = await open("home.tools.json");
    const edit = await ask<vscode.WorkspaceEdit>(
      "the edit",
      ({ size }) => size >= 4,
      "vscode.executeDocumentRenameProvider",
      document.uri,
      place(document, "set_heating"),
      "heat_room",
    );
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    for (const name of ["home.tools.json", "train.samples.jsonl", "heldout.samples.jsonl", "quick.demos.jsonl"]) {
      const text = (await vscode.workspace.openTextDocument(uriOf(name))).getText();
      assert.ok(text.includes("heat_room") && !text.includes("set_heating"), name);
    }
    await vscode.workspace.saveAll();
  });

  test("symbols, folding, lenses and the signature come from the server", async () => {
    const document = await open("home.tools.json");
    const symbols = await ask<vscode.DocumentSymbol[]>(
      "the symbols",
      (found) => found?.some(({ name }) => name === "set_cooling") === true,
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.ok(symbols.length >= 2);
    const lenses = await ask<vscode.CodeLens[]>(
      "the lenses",
      (found) => found.some(({ command }) => /1 demonstration · 3 samples/.test(command?.title ?? "")),
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    assert.ok(lenses.every(({ command }) => command?.command === "toolexpander.showReferences"));
    const samples = await open("train.samples.jsonl");
    const help = await ask<vscode.SignatureHelp | undefined>(
      "the signature",
      (found) => (found?.signatures.length ?? 0) > 0,
      "vscode.executeSignatureHelpProvider",
      samples.uri,
      place(samples, '"degrees"'),
    );
    assert.match(help?.signatures[0]?.label ?? "", /set_heating/);
  });

  test("formatting keeps a record on its line", async () => {
    const document = await open("quick.demos.jsonl");
    const loose = new vscode.WorkspaceEdit();
    loose.insert(document.uri, new vscode.Position(0, 1), "   ");
    await vscode.workspace.applyEdit(loose);
    const edits = await ask<vscode.TextEdit[]>(
      "the edits",
      (found) => (found ?? []).length > 0,
      "vscode.executeFormatDocumentProvider",
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), files["quick.demos.jsonl"]);
  });

  test("a rule that is turned off is not asked, and one that is turned on again is", async () => {
    const document = await open("train.samples.jsonl");
    await until("the diagnostic", PATIENCE_MS, () => codes(document.uri).includes("argument-type"));
    const configuration = vscode.workspace.getConfiguration("toolexpander");
    await configuration.update("rules", { "argument-type": "off" }, true);
    await until("its end", PATIENCE_MS, () => !codes(document.uri).includes("argument-type"));
    await configuration.update("rules", undefined, true);
    await until("the diagnostic again", PATIENCE_MS, () => codes(document.uri).includes("argument-type"));
  });

  test("JSON Lines under a .json name are called JSON Lines", async () => {
    await open("BFCL_v3_made.json");
    const uri = uriOf("BFCL_v3_made.json").toString();
    const language = () =>
      vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.languageId;
    await until("the language", PATIENCE_MS, () => language() === "jsonl");
  });

  test("a conversion is shown beside the file, which stays as it is", async () => {
    const document = await open("train.samples.jsonl");
    await until("the server", PATIENCE_MS, () => codes(document.uri).length > 0);
    await vscode.commands.executeCommand("toolexpander.convertFile", document.uri, "openai");
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff, "no comparison was opened");
    assert.equal(tab.input.original.toString(), document.uri.toString());
    const { modified } = tab.input;
    const preview = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === modified.toString());
    assert.equal(preview?.languageId, "jsonl");
    const rows: { messages: { tool_calls?: { function: { name: string } }[] }[] }[] = preview
      .getText()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ messages }) => messages.at(-1)?.tool_calls?.[0]?.function.name),
      ["set_heating", "set_heating"],
    );
    assert.equal(document.getText(), files["train.samples.jsonl"]);
    assert.equal(document.isDirty, false);
  });

  test("a tool tells how often the newest run found it hard", async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    using made = makeRun({ state: "finished" });
    for (let step = 1; step <= 8; step++) made.writer.recordStep(stepOf(step, 4, 2, 40));
    made.close();
    const run = join(workspace.uri.fsPath, "runs", basename(made.folder));
    cpSync(made.folder, run, { recursive: true });
    try {
      await api.runs.look();
      writeFileSync(join(folder, "made.tools.json"), `[\n  ${tool("get_weather", "Weather")}\n]\n`);
      const document = await open("made.tools.json");
      await ask<vscode.CodeLens[]>(
        "the lens",
        (found) => found.some(({ command }) => /hard \d+ times?$/.test(command?.title ?? "")),
        "vscode.executeCodeLensProvider",
        document.uri,
      );
    } finally {
      rmSync(run, { recursive: true, force: true });
    }
  });

  test("a server that is killed is started again, and knows the open documents", async () => {
    const document = await open("train.samples.jsonl");
    await until("the diagnostic", PATIENCE_MS, () => codes(document.uri).includes("argument-type"));
    const before = api.language.serverId;
    assert.ok(before !== undefined);
    process.kill(before, "SIGKILL");
    await until("another server", PATIENCE_MS, () => ![undefined, before].includes(api.language.serverId));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), sample("t1", 21));
    await vscode.workspace.applyEdit(edit);
    await until("the end of the diagnostic", PATIENCE_MS, () => !codes(document.uri).includes("argument-type"));
    await vscode.commands.executeCommand("undo");
    await until("the diagnostic again", PATIENCE_MS, () => codes(document.uri).includes("argument-type"));
  });

  test("a file that the setting names is looked at from then on", async () => {
    writeFileSync(join(folder, "rows.jsonl"), '{"id":"a",}\n');
    const document = await open("rows.jsonl");
    assert.deepEqual(codes(document.uri), []);
    const configuration = vscode.workspace.getConfiguration("toolexpander");
    await configuration.update("files", ["rows.jsonl"], true);
    try {
      await until("the diagnostic", PATIENCE_MS, () => codes(document.uri).includes("json-syntax"));
    } finally {
      await configuration.update("files", undefined, true);
    }
    await until("its end", PATIENCE_MS, () => codes(document.uri).length === 0);
  });
});
