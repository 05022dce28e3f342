/** Judging, as far as it is loaded at once: it waits for the first process that wants a window, or for the first command. */
import * as vscode from "vscode";
import { inBackground, showFailure } from "../failures.ts";
import { loadBundle } from "../loadBundle.ts";
import type { Runs } from "../status/runs.ts";
import type { Judging } from "./judging.ts";

/** What the bundle of its own brings, `dist/judging.cjs`. */
type Bundle = typeof import("./judging.ts");

const BRIDGES = "**/*.judging.json";
const NOT_OURS = "**/{node_modules,.git}/**";
const MOST = 20;

export class JudgeSupport implements vscode.Disposable {
  readonly #make: () => Judging;
  readonly #disposables: vscode.Disposable[];
  #judging: Judging | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, runs: Runs) {
    this.#make = () => {
      const { Judging } = loadBundle<Bundle>(context, "judging");
      return new Judging({ context, log, runs, failed: (error) => showFailure(error, log) });
    };
    const watcher = vscode.workspace.createFileSystemWatcher(BRIDGES, false, true, false);
    const look = (): void => inBackground(this.#look(), log);
    this.#disposables = [
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidDelete(look),
      vscode.workspace.onDidGrantWorkspaceTrust(look),
      vscode.workspace.onDidChangeWorkspaceFolders(look),
    ];
    look();
  }

  get judging(): Judging {
    this.#judging ??= this.#make();
    return this.#judging;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#judging?.dispose();
  }

  async #look(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const found = await vscode.workspace.findFiles(BRIDGES, NOT_OURS, MOST);
    const files = found.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
    if (files.length > 0 || this.#judging !== undefined) await this.judging.follow(files);
  }
}
