/**
 * A tool with a mistake in it, to see how one is told and mended. The file lies in the extension's own storage: nothing of the person's
 * is touched, and the language server looks at it as at any other.
 */
import * as vscode from "vscode";
import { PRACTICE, PRACTICE_FILE, practiceMistake } from "./practiceText.ts";

export class Practice implements vscode.Disposable {
  readonly #uri: vscode.Uri;
  readonly #subscription: vscode.Disposable;
  /** Whether the mistake has been told since the file was written. */
  #told = false;

  constructor(context: vscode.ExtensionContext) {
    this.#uri = vscode.Uri.joinPath(context.globalStorageUri, "practice", PRACTICE_FILE);
    const ours = this.#uri.toString();
    this.#subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((uri) => uri.toString() === ours)) this.#look();
    });
  }

  /** Shows the file with its mistake, written anew unless it is being worked on. */
  async open(): Promise<void> {
    if (!this.#document()?.isDirty) {
      this.#told = false;
      await vscode.workspace.fs.writeFile(this.#uri, new TextEncoder().encode(PRACTICE));
    }
    const document = await vscode.workspace.openTextDocument(this.#uri);
    const { start, end } = practiceMistake(document.getText());
    const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection, preview: false });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === this.#uri.toString());
  }

  /** A file that was closed has no findings either: only one whose text was changed has been mended. */
  #look(): void {
    const document = this.#document();
    if (document === undefined) return;
    const { length } = vscode.languages.getDiagnostics(this.#uri);
    if (length > 0) this.#told = true;
    else if (this.#told && document.getText() !== PRACTICE) {
      this.#told = false;
      void vscode.commands.executeCommand("setContext", "toolexpander.practiceMended", true);
    }
  }
}
