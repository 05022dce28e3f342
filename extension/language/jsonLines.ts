/** JSON Lines under a .json name: called what they are, so that the editor's own JSON service does not take each line for a mistake. */
import * as vscode from "vscode";
import { isLines } from "../../server/language/records/split.ts";

/** Lines that tell what a document is. */
const HEAD = 20;

export class JsonLines implements vscode.Disposable {
  readonly #selector: vscode.DocumentSelector;
  readonly #subscription: vscode.Disposable;
  /** Documents that were looked at once: whoever calls one JSON after all is right. */
  readonly #seen = new Set<string>();

  constructor(selector: vscode.DocumentSelector) {
    this.#selector = selector;
    this.#subscription = vscode.workspace.onDidOpenTextDocument((document) => this.#look(document));
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #look(document: vscode.TextDocument): void {
    const { uri, languageId } = document;
    if (languageId !== "json" || vscode.languages.match(this.#selector, document) === 0) return;
    if (this.#seen.has(uri.toString())) return;
    this.#seen.add(uri.toString());
    const head = document.getText(new vscode.Range(0, 0, HEAD, 0));
    if (!head.trimStart().startsWith("{") || !isLines(uri.path, head)) return;
    // Only a document that has been closed meanwhile refuses.
    vscode.languages.setTextDocumentLanguage(document, "jsonl").then(undefined, () => {});
  }
}
