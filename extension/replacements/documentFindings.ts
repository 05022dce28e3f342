/** What the language server has found in one document, told with every change of it. */
import * as vscode from "vscode";
import type { Finding } from "../../schemas/replacementView.ts";
import type { Mark } from "./messages.ts";
import type { ReplacementClient } from "./replacementClient.ts";

export interface DocumentFindingsOptions {
  document: vscode.TextDocument;
  client: ReplacementClient;
  found(findings: Finding[]): void;
  failed(error: unknown): void;
}

/** By the numbers of vscode.DiagnosticSeverity. */
const severities = ["error", "warning", "information", "hint"] as const;

export class DocumentFindings implements vscode.Disposable {
  readonly #options: DocumentFindingsOptions;
  readonly #subscription: vscode.Disposable;
  #busy = false;
  #again = false;

  constructor(options: DocumentFindingsOptions) {
    this.#options = options;
    const ours = options.document.uri.toString();
    this.#subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((uri) => uri.toString() === ours)) this.tell();
    });
  }

  /** Also where only the text has changed: the places may be others then. Of requests that follow fast, the last counts. */
  tell(): void {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    this.#work().then(
      () => {
        this.#busy = false;
      },
      (error: unknown) => {
        this.#busy = false;
        this.#options.failed(error);
      },
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #work(): Promise<void> {
    const { document, client, found } = this.#options;
    while (this.#again) {
      this.#again = false;
      // Others may look at the file too, as the editor's own checks of JSON.
      const marks = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source === "toolexpander")
        .map(({ range, message, severity, code }): Mark => {
          const rule = typeof code === "object" ? code.value : code;
          const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
          return { from, to, sentence: message, severity: severities[severity] ?? "error", rule: String(rule ?? "") };
        });
      found(await client.findings(document.getText(), marks));
    }
  }
}
