/** Help while a person types and looks around, on files of the quickstart. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, teardown, test } from "mocha";
import * as vscode from "vscode";
import { ask, closeAll, open, place, quickstart, rewrite } from "../support/languageDesk.ts";

const demos = "quickstart.demos.jsonl";
const demo = (args: string): string =>
  `{"id":"demo-x","query":"A vegan soup.","answer":[{"name":"find_recipe","arguments":${args}}]}\n`;

suite("help while typing", () => {
  teardown(closeAll);

  const completions: [what: string, text: string, at: string, within: number, wanted: string][] = [
    ["keys of a record", '{"id":"demo-x","query":"A soup.",""}\n', ',""}', 2, "answer"],
    ["names of arguments", demo('{"dish":"soup",""}'), ',""}', 2, "servings"],
    ["values of an enum", demo('{"dish":"soup","diet":""}'), '"diet":""', 8, '"vegan"'],
  ];
  for (const [what, text, at, within, wanted] of completions) {
    test(`${what} are completed`, async () => {
      const document = await open(quickstart(demos));
      await rewrite(document, text);
      const labels = ({ items }: vscode.CompletionList): string[] =>
        items.map(({ label }) => (typeof label === "string" ? label : label.label));
      await ask<vscode.CompletionList>(
        wanted,
        (list) => labels(list).includes(wanted),
        "vscode.executeCompletionItemProvider",
        document.uri,
        place(document, at, within),
      );
    });
  }

  test("a tool tells how often it is demonstrated", async () => {
    const document = await open(quickstart("tools/helpdesk.tools.json"));
    const textsOf = (hovers: vscode.Hover[]): string =>
      hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value))).join();
    const hovers = await ask<vscode.Hover[]>(
      "the counts",
      (found) => /Called by \d+ demonstrations? and \d+ samples?\./.test(textsOf(found)),
      "vscode.executeHoverProvider",
      document.uri,
      place(document, "set_priority"),
    );
    assert.match(textsOf(hovers), /Change how urgent a ticket is/);
  });

  test("a parameter is renamed in its tool and in every call of it", async () => {
    const document = await open(quickstart("tools/helpdesk.tools.json"));
    const edit = await ask<vscode.WorkspaceEdit>(
      "the edit",
      ({ size }) => size >= 4,
      "vscode.executeDocumentRenameProvider",
      document.uri,
      place(document, '"priority"', 3),
      "urgency",
    );
    const changed = edit.entries().map(([{ fsPath }]) => fsPath);
    for (const name of ["tools/helpdesk.tools.json", demos, "train.samples.jsonl", "heldout.samples.jsonl"])
      assert.ok(changed.includes(quickstart(name).fsPath), name);
    const demonstrations = edit.get(quickstart(demos));
    const calls = readFileSync(quickstart(demos).fsPath, "utf8").match(/"priority":/g)?.length;
    assert.equal(demonstrations.length, calls);
  });

  test("tools and samples of the workspace are found by a part of their name", async () => {
    await open(quickstart(demos));
    const found = await ask<vscode.SymbolInformation[]>(
      "the symbols",
      (symbols) => symbols.some(({ name }) => name === "set_priority"),
      "vscode.executeWorkspaceSymbolProvider",
      "priority",
    );
    const symbol = found.find(({ name }) => name === "set_priority");
    assert.equal(symbol?.location.uri.fsPath, quickstart("tools/helpdesk.tools.json").fsPath);
  });

  test("an outline names samples and their calls", async () => {
    const document = await open(quickstart("train.samples.jsonl"));
    const symbols = await ask<vscode.DocumentSymbol[]>(
      "the outline",
      (found) => found?.length > 0,
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual([symbols[0]?.name, symbols[0]?.children[0]?.name], ["train-001", "set_heating"]);
  });

  test("rows of one category fold together", async () => {
    const document = await open(quickstart("train.samples.jsonl"));
    const ranges = await ask<vscode.FoldingRange[]>(
      "the ranges",
      (found) => found?.length > 0,
      "vscode.executeFoldingRangeProvider",
      document.uri,
    );
    const categories = document
      .getText()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).category);
    for (const { start, end } of ranges) assert.equal(new Set(categories.slice(start, end + 1)).size, 1);
  });

  test("a demonstration tells its reward and its length against the budget, around the lines on the screen", async () => {
    const document = await open(quickstart(demos));
    await ask<vscode.CodeLens[]>(
      "the lens",
      (found) => found.some(({ command }) => /^reward 1 · \d+ of \d+ tokens/.test(command?.title ?? "")),
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    await rewrite(document, document.getText().repeat(50));
    const last = document.lineCount - 2;
    const far = new vscode.Range(last, 0, last, 0);
    vscode.window.activeTextEditor?.revealRange(far);
    const lenses = await ask<vscode.CodeLens[]>(
      "lenses of the last lines",
      (found) => found.some(({ range }) => range.start.line === last),
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    assert.ok(lenses.length < 1000, `${lenses.length} lenses for ${document.lineCount} lines`);
  });
});
