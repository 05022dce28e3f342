/** A file that the editor gives to no extension: checked from disk, looked at page by page, refused by a rename. */
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteSetup, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import { closeAll, open, PATIENCE_MS, place, quickstart, withSetting } from "../support/languageDesk.ts";
import { until } from "../support/until.ts";

const PAGE_SCHEME = "toolexpander-page";
const parameters = { type: "object", properties: { degrees: { type: "integer" } }, required: ["degrees"] };
const tool = { type: "function", function: { name: "set_heating", description: "Heats", parameters } };
const row = (id: number, degrees: unknown): string => {
  const query = `Heat room ${id}, please. ${"x".repeat(900)}`;
  const answer = [{ name: "set_heating", arguments: { degrees } }];
  return `${JSON.stringify({ id: `row-${id}`, query, tools: ["set_heating"], answer })}\n`;
};
const ROWS = 55_000;
/** Each check reads 55 MB in another process, which a busy machine takes a while for. */
const LIMIT_MS = 120_000;
/** Rows with a mistake. */
const WRONG = [7, 30_000, 54_999];

suite("a file above 50 MB", function () {
  this.timeout(LIMIT_MS);
  let folder: string;
  let file: vscode.Uri;

  suiteSetup(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "toolexpander-large-")));
    file = vscode.Uri.file(join(folder, "big.samples.jsonl"));
    writeFileSync(join(folder, "home.tools.json"), `[\n  ${JSON.stringify(tool)}\n]\n`);
    const rows = Array.from({ length: ROWS }, (_, id) => row(id, WRONG.includes(id) ? "warm" : id));
    writeFileSync(file.fsPath, rows.join(""));
  });
  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }));
  teardown(async () => {
    await closeAll();
    await vscode.commands.executeCommand("toolexpander.clearLargeFiles");
  });

  /** Findings on pages of the file, in the order of its lines. */
  function problems(): [vscode.Uri, vscode.Diagnostic][] {
    const all = vscode.languages.getDiagnostics().filter(([{ scheme }]) => scheme === PAGE_SCHEME);
    return all
      .flatMap(([uri, found]) => found.map((one): [vscode.Uri, vscode.Diagnostic] => [uri, one]))
      .sort(([, left], [, right]) => lineOf(left) - lineOf(right));
  }
  const lineOf = ({ message }: vscode.Diagnostic): number => Number(/^Line (\d+): /.exec(message)?.[1]);
  const check = async (): Promise<void> => {
    await vscode.commands.executeCommand("toolexpander.checkLargeFile", file);
  };
  const pageTabs = (): vscode.Tab[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === PAGE_SCHEME);

  test("is checked from disk, and each finding opens its page at its place", async () => {
    await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(file)), /50\s?MB/);
    await check();
    const found = problems();
    assert.deepEqual(
      found.map(([, one]) => lineOf(one)),
      WRONG.map((id) => id + 1),
    );
    for (const [index, [uri, { range, code, relatedInformation }]] of found.entries()) {
      const page = await open(uri);
      assert.equal(page.getText(range), '"warm"');
      assert.equal(page.languageId, "jsonl");
      const line = page.lineAt(range.start.line).text;
      assert.equal(JSON.parse(line).id, `row-${WRONG[index]}`);
      assert.equal(typeof code === "object" && code.value, "argument-type");
      assert.equal(relatedInformation?.[0]?.location.uri.fsPath, join(folder, "home.tools.json"));
      assert.ok(page.getText().length < 2 ** 21, "a page is small");
    }
    assert.match(found[0]?.[0].path ?? "", /\/big\.samples lines 1–\d+\.jsonl$/);
    await closeAll();
    assert.deepEqual(pageTabs(), []);
    await until("the end of the findings", PATIENCE_MS, () => problems().length === 0);
  });

  test("has its true count told, and is checked anew with what is set", async () => {
    await withSetting("maxFindings", 2, check);
    assert.deepEqual(
      problems()
        .map(([, one]) => lineOf(one))
        .filter((line) => line > 0),
      [8, 30_001],
    );
    assert.ok(
      problems().some(([, { message }]) => message === "3 findings in this file, of which the first 2 are shown."),
    );
    await withSetting("rules", { "argument-type": "off" }, check);
    assert.deepEqual(problems(), []);
  });

  test("says so on its pages where it has changed since, or is gone", async () => {
    const before = readFileSync(file.fsPath);
    await check();
    const [[uri]] = problems() as [[vscode.Uri, vscode.Diagnostic]];
    const page = await open(uri);
    const says = (text: RegExp) => until(String(text), PATIENCE_MS, () => text.test(page.getText()));
    try {
      await says(/^\{"id":"row-0"/);
      appendFileSync(file.fsPath, row(ROWS, "late"));
      await says(/^big\.samples\.jsonl has changed since it was checked\. Run “ToolExpander: Check Large File…”/);
      await check();
      await says(/^\{"id":"row-0"/);
      assert.equal(problems().length, WRONG.length + 1);
      rmSync(file.fsPath);
      await says(/^There is no file big\.samples\.jsonl any more\./);
    } finally {
      writeFileSync(file.fsPath, before);
    }
  });

  test("is refused by a rename, which names it and the way that there is", async () => {
    const document = await open(vscode.Uri.file(join(folder, "home.tools.json")));
    await until("the refusal", PATIENCE_MS, async () => {
      const rename = vscode.commands.executeCommand(
        "vscode.executeDocumentRenameProvider",
        document.uri,
        place(document, "set_heating"),
        "heat_room",
      );
      const refusal = await Promise.resolve(rename).then(() => "", String);
      return /big\.samples\.jsonl has \d+ MB, more than the editor can change; run "toolexpander rename/.test(refusal);
    });
  });

  test("is not asked for where a file is small: that one is opened", async () => {
    await vscode.commands.executeCommand("toolexpander.checkLargeFile", quickstart("train.samples.jsonl"));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, quickstart("train.samples.jsonl").fsPath);
    assert.deepEqual(problems(), []);
  });
});
