/** Checks of files that are too large for extensions, as far as they are loaded at once: a look at what is opened. */
import * as vscode from "vscode";
import { EDITOR_LIMIT } from "../../server/language/editorLimit.ts";
import { inBackground } from "../failures.ts";
import { loadBundle } from "../loadBundle.ts";
import type { LargeFiles } from "./largeFiles.ts";

/** What the bundle of its own brings, `dist/largeFiles.cjs`. */
type Bundle = typeof import("./largeFiles.ts");

export class LargeFileSupport implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #pageChanged = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: vscode.Disposable[];
  #largeFiles: LargeFiles | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#disposables = [
      this.#pageChanged,
      // Here, since the editor asks for the pages that it showed before it was reloaded.
      vscode.workspace.registerTextDocumentContentProvider("toolexpander-page", {
        onDidChange: this.#pageChanged.event,
        provideTextDocumentContent: (uri) => this.#loaded().pageText(uri),
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => this.#look(opened)),
    ];
    for (const { tabs } of vscode.window.tabGroups.all) this.#look(tabs);
  }

  check(target: unknown): Promise<void> {
    return this.#loaded().check(target);
  }

  async clear(): Promise<void> {
    this.#largeFiles?.clear();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#largeFiles?.dispose();
  }

  #look(tabs: readonly vscode.Tab[]): void {
    for (const { input } of tabs)
      if (input instanceof vscode.TabInputText && input.uri.scheme === "file")
        inBackground(this.#offer(input.uri), this.#log);
  }

  async #offer(uri: vscode.Uri): Promise<void> {
    // A tab may show a file that is gone.
    const size = await vscode.workspace.fs.stat(uri).then(
      (found) => found.size,
      () => 0,
    );
    if (size > EDITOR_LIMIT) await this.#loaded().offer(uri);
  }

  #loaded(): LargeFiles {
    if (this.#largeFiles === undefined) {
      const { LargeFiles } = loadBundle<Bundle>(this.#context, "largeFiles");
      this.#largeFiles = new LargeFiles({
        program: this.#context.asAbsolutePath("dist/checkProcess.js"),
        rulePages: vscode.Uri.joinPath(this.#context.extensionUri, "docs", "rules"),
        log: this.#log,
        pageChanged: (uri) => this.#pageChanged.fire(uri),
      });
    }
    return this.#largeFiles;
  }
}
