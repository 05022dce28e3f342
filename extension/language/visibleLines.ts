/** Tells the server which lines are on the screen: it looks at those first, and gives lenses around them. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { VISIBLE_LINES } from "../../server/language/messages.ts";

/** Between two messages, milliseconds: scrolling changes the lines with every frame. */
const PAUSE_MS = 50;

export class VisibleLines implements vscode.Disposable {
  readonly #selector: vscode.DocumentSelector;
  readonly #client: Pick<LanguageClient, "isRunning" | "sendNotification">;
  readonly #disposables: vscode.Disposable[];
  /** Editors that have changed since the last message. */
  readonly #changed = new Set<vscode.TextEditor>();
  #timer: NodeJS.Timeout | undefined;

  constructor(selector: vscode.DocumentSelector, client: Pick<LanguageClient, "isRunning" | "sendNotification">) {
    this.#selector = selector;
    this.#client = client;
    this.#disposables = [
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#soon(textEditor)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#soon(...editors)),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) this.#soon(editor);
      }),
    ];
  }

  /** Of a document in two editors, those of the active one count. */
  sendAll(): void {
    const { visibleTextEditors, activeTextEditor } = vscode.window;
    this.#soon(...visibleTextEditors.filter((editor) => editor !== activeTextEditor));
    if (activeTextEditor !== undefined) this.#soon(activeTextEditor);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #soon(...editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      // Whoever changed last is told last.
      this.#changed.delete(editor);
      if (vscode.languages.match(this.#selector, editor.document) > 0) this.#changed.add(editor);
    }
    if (this.#changed.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, PAUSE_MS);
  }

  #send(): void {
    const editors = [...this.#changed];
    this.#changed.clear();
    // When the server runs again, everything is sent.
    if (!this.#client.isRunning()) return;
    for (const { document, visibleRanges } of editors) {
      const [first, last] = [visibleRanges.at(0), visibleRanges.at(-1)];
      if (first === undefined || last === undefined) continue;
      const lines = { firstLine: first.start.line, lastLine: last.end.line };
      // A message that is lost costs an order of work, nothing else.
      this.#client.sendNotification(VISIBLE_LINES, { uri: document.uri.toString(), ...lines }).catch(() => {});
    }
  }
}
