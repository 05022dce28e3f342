/** The rollout views; a place is held here for them. */
import type * as vscode from "vscode";

export class RolloutViews implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;

  constructor(_context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  open(runFolder: string, title: string): void {
    this.#log.info(`${title}: ${runFolder}`);
  }

  dispose(): void {}
}
