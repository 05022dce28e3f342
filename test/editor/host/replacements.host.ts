/** Hand edits in the editor: what a view asks for becomes the document, and undo and saving are the editor's own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setup, suite, teardown, test } from "mocha";
import * as vscode from "vscode";
import { EditorSession } from "../../../extension/replacements/editorSession.ts";
import { ReplacementClient } from "../../../extension/replacements/replacementClient.ts";
import type { ReplacementHostMessage, ReplacementViewMessage } from "../../../schemas/replacementView.ts";
import { rowHash } from "../../../server/toolcalls/rowHash.ts";
import { closeAll, open, PATIENCE_MS, quickstart } from "../support/languageDesk.ts";
import { until } from "../support/until.ts";

const viewType = "toolexpander.replacement";
const name = "replacements/train-001.replacement.json";

/** A view without a page: what it is told, and what it says. */
class View {
  readonly told: ReplacementHostMessage[] = [];
  readonly #said = new vscode.EventEmitter<unknown>();

  /** As far as a session uses a webview. */
  get webview(): Pick<vscode.Webview, "onDidReceiveMessage" | "postMessage"> {
    return {
      onDidReceiveMessage: this.#said.event,
      postMessage: async (message: ReplacementHostMessage) => {
        this.told.push(message);
        // As the view does it, with what was held back.
        if (message.kind === "flush") this.say(...this.held, { kind: "flushed" });
        return true;
      },
    };
  }

  held: ReplacementViewMessage[] = [];

  say(...messages: unknown[]): void {
    for (const message of messages) this.#said.fire(message);
  }

  async reading(fits: (reading: Extract<ReplacementHostMessage, { kind: "reading" }>["reading"]) => boolean) {
    const found = () => this.told.findLast((message) => message.kind === "reading" && fits(message.reading));
    await until("a reading", PATIENCE_MS, () => found() !== undefined);
    const message = found();
    assert.ok(message?.kind === "reading");
    return message.reading;
  }
}

let edits = 0;
const set = (version: number, query: string): ReplacementViewMessage => ({
  kind: "edit",
  edit: ++edits,
  version,
  changes: [{ change: "set", path: ["demonstrations", 0, "query"], json: JSON.stringify(query) }],
});

suite("hand edits", () => {
  let log: vscode.LogOutputChannel;
  let client: ReplacementClient;
  let text: string;

  setup(async () => {
    const [row = ""] = readFileSync(quickstart("train.samples.jsonl").fsPath, "utf8").split("\n");
    const edit = {
      sample: "train-001",
      row: rowHash(JSON.parse(row)),
      action: "fewshot",
      scope: "always",
      demonstrations: [
        {
          query: "Heat the hall.",
          calls: [{ name: "set_heating", arguments: { room: "hall", degrees: 20, duration: 60 } }],
        },
      ],
    };
    text = `${JSON.stringify(edit, null, 2)}\n`;
    await vscode.workspace.fs.writeFile(quickstart(name), Buffer.from(text));
    log = vscode.window.createOutputChannel("Hand edits under test", { log: true });
    client = new ReplacementClient(join(dirname(__dirname), "replacementWorker.js"), (sentence) => log.error(sentence));
  });

  teardown(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(quickstart(name));
    client[Symbol.dispose]();
    log.dispose();
  });

  /** The editor may have the text of the test before still in mind. */
  async function opened(): Promise<vscode.TextDocument> {
    const document = await open(quickstart(name));
    await until("the text on disk", PATIENCE_MS, async () => {
      if (document.getText() === text) return true;
      await vscode.commands.executeCommand("workbench.action.files.revert");
      return false;
    });
    return document;
  }

  function joined(document: vscode.TextDocument): { view: View; session: EditorSession } {
    const view = new View();
    const session = new EditorSession({
      document,
      webview: view.webview as vscode.Webview,
      client,
      language: { complete: async () => [] },
      log,
      isSeen: () => true,
      backToAutomatic: async () => {},
    });
    return { view, session };
  }

  test("an edit of the view makes the document dirty, is read anew, undone, and saved with its reason", async () => {
    const document = await opened();
    const { view, session } = joined(document);
    try {
      view.say({ kind: "ready", why: "the room was wrong" });
      const first = await view.reading(() => true);
      assert.deepEqual([first.problems, first.edit?.demonstrations[0]?.query], [[], "Heat the hall."]);
      assert.ok("parts" in first.prompt && first.prompt.tokens > 20);

      view.say(set(document.version, "Warm it up."));
      await view.reading(({ edit }) => edit?.demonstrations[0]?.query === "Warm it up.");
      assert.equal(document.isDirty, true);
      assert.equal(document.getText(), text.replace("Heat the hall.", "Warm it up."));
      await vscode.commands.executeCommand("undo");
      await until("the undo", PATIENCE_MS, () => document.getText() === text);

      // Before the undo is known to the view, it may have sent more; that is not forced upon the document.
      const stale = document.version - 1;
      view.say(set(stale, "Too late."));
      await until("the refusal", PATIENCE_MS, () => view.told.some(({ kind }) => kind === "stale"));
      assert.equal(document.getText(), text);

      view.say(set(document.version, "Warm the hall."));
      await until("the edit", PATIENCE_MS, () => document.isDirty);
      view.held = [set(document.version, "Warm the big hall.")];
      assert.equal(await document.save(), true);
      const saved = JSON.parse(readFileSync(document.uri.fsPath, "utf8"));
      assert.equal(saved.demonstrations[0].query, "Warm the big hall.");
      assert.equal(saved.history.length, 1);
      assert.equal(saved.history[0].why, "the room was wrong");
      await until("the verdict", PATIENCE_MS, () =>
        view.told.some((message) => message.kind === "saved" && message.verdict.state === "no-run"),
      );
    } finally {
      session.dispose();
    }
  });

  test("a try without a run has a way out; Use asks again without a saving, and keeps the reason for the next one", async () => {
    const document = await opened();
    const { view, session } = joined(document);
    try {
      view.say({ kind: "ready", why: "for later" });
      await view.reading(() => true);
      assert.ok(view.told.some((message) => message.kind === "try" && message.try === null && message.rollouts === 10));
      view.say({ kind: "try" });
      const refused = () => view.told.find((message) => message.kind === "try" && message.try?.phase === "refused");
      await until("the refusal", PATIENCE_MS, () => refused() !== undefined);
      const told = refused();
      assert.equal(told?.kind === "try" && told.try?.remedy, "startTraining");
      view.say({ kind: "use" });
      await until("the verdict", PATIENCE_MS, () =>
        view.told.some((message) => message.kind === "saved" && message.verdict.state === "no-run"),
      );
      assert.deepEqual(
        view.told.findLast(({ kind }) => kind === "why"),
        { kind: "why", why: "for later" },
      );
      assert.equal(readFileSync(document.uri.fsPath, "utf8"), text);

      view.held = [set(document.version, "Warm the hall.")];
      view.say({ kind: "use" });
      await until("the saving", PATIENCE_MS, () =>
        readFileSync(document.uri.fsPath, "utf8").includes("Warm the hall."),
      );
      assert.match(readFileSync(document.uri.fsPath, "utf8"), /"why": "for later"/);
    } finally {
      session.dispose();
    }
  });

  test("what is no message of the view is left alone", async () => {
    const document = await opened();
    const { view, session } = joined(document);
    try {
      view.say(
        null,
        {},
        { kind: "edit", version: 1, changes: [{ change: "delete" }] },
        { kind: "command", name: "format" },
      );
      view.say({ kind: "ready", why: "the room was wrong" });
      await view.reading(() => true);
      assert.equal(document.getText(), text);
    } finally {
      session.dispose();
    }
  });

  test("a file opens in its own editor, and as text on demand", async () => {
    await vscode.commands.executeCommand("vscode.open", quickstart(name));
    const input = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await until("the editor", PATIENCE_MS, () => {
      const shown = input();
      return shown instanceof vscode.TabInputCustom && shown.viewType === viewType;
    });
    await vscode.commands.executeCommand("vscode.openWith", quickstart(name), "default");
    await until("the text", PATIENCE_MS, () => input() instanceof vscode.TabInputText);
  });
});
