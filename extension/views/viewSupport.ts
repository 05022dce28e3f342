/** The panels of the views, as far as they are loaded at once: the editor asks here when it brings one back. */
import { createRequire } from "node:module";
import * as vscode from "vscode";
import { rolloutsViewType } from "../commands/names.ts";
import type { ListQuery, RunToShow } from "./shown.ts";

/** What the bundle of its own brings, `dist/panels.cjs`. */
type Bundle = typeof import("./panels.ts");

export class ViewSupport implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #serializers: vscode.Disposable[];
  #rollouts: InstanceType<Bundle["RolloutViews"]> | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#serializers = [
      vscode.window.registerWebviewPanelSerializer(rolloutsViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#rolloutViews().restore(panel, state),
      }),
    ];
  }

  /** @param only what is listed; without it the view is as it was left */
  openRollouts(run: RunToShow, only?: Partial<ListQuery>): void {
    this.#rolloutViews().open(run, only);
  }

  dispose(): void {
    for (const serializer of this.#serializers) serializer.dispose();
    this.#rollouts?.dispose();
  }

  #rolloutViews(): InstanceType<Bundle["RolloutViews"]> {
    this.#rollouts ??= new (this.#bundle().RolloutViews)(this.#context, this.#log);
    return this.#rollouts;
  }

  #bundle(): Bundle {
    return createRequire(this.#context.asAbsolutePath("dist/extension.cjs"))("./panels.cjs");
  }
}
