/** Hand edits of samples, as far as they are loaded at once: the editor for their files, which waits for the first of them. */
import * as vscode from "vscode";
import { replacementViewType } from "../commands/names.ts";
import type { LanguageSupport } from "../language/languageSupport.ts";
import { loadBundle } from "../loadBundle.ts";
import type { Runs } from "../status/runs.ts";
import type { ReplacementEditors } from "./replacementEditors.ts";

/** What the bundle of its own brings, `dist/replacementEditors.cjs`. */
type Bundle = typeof import("./replacementEditors.ts");

export class ReplacementSupport implements vscode.Disposable {
  readonly #make: () => ReplacementEditors;
  readonly #provider: vscode.Disposable;
  #editors: ReplacementEditors | undefined;

  /** @param language asked for its client when a person types */
  constructor(
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
    runs: Runs,
    language: Pick<LanguageSupport, "client">,
  ) {
    this.#make = () => {
      const { ReplacementEditors } = loadBundle<Bundle>(context, "replacementEditors");
      return new ReplacementEditors({
        extension: context.extensionUri,
        log,
        runs,
        language: { complete: async (place) => (await language.client()).completeDraft(place) },
      });
    };
    this.#provider = vscode.window.registerCustomEditorProvider(replacementViewType, {
      resolveCustomTextEditor: (document, panel) => this.editors.show(document, panel),
    });
  }

  get editors(): ReplacementEditors {
    this.#editors ??= this.#make();
    return this.#editors;
  }

  dispose(): void {
    this.#provider.dispose();
    this.#editors?.dispose();
  }
}
