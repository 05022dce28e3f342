/** The experiments and runs of the workspace: found once, looked for again when one comes or goes. */
import * as vscode from "vscode";
import type { Sources } from "../training/messages.ts";

const EXPERIMENTS = "**/{experiment,*.experiment}.json";
const RECORDS = "**/runs/*/run.json";
/** A run folder comes or goes, its record changes, a server comes or goes. */
const RUN_CHANGES = "**/runs/{*,*/run.json,*/server.json}";
const NOT_OURS = "**/{node_modules,.git,dist}/**";
const MOST = 2000;

/** Several files change together; one look is enough for them. Milliseconds. */
const SETTLE_MS = 150;

export class WorkspaceFiles implements vscode.Disposable {
  readonly #disposables: vscode.Disposable[] = [];
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #experiments: vscode.Uri[] = [];

  /** @param changed called soon after files came, changed or went */
  constructor(changed: () => void) {
    this.#changed = changed;
    for (const pattern of [EXPERIMENTS, RUN_CHANGES]) this.#watch(pattern);
    this.#disposables.push(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#soon()));
  }

  /** As of the last look, in the order of their paths. */
  get experiments(): readonly vscode.Uri[] {
    return this.#experiments;
  }

  async look(): Promise<Sources> {
    const [experiments, records] = await Promise.all([
      vscode.workspace.findFiles(EXPERIMENTS, NOT_OURS, MOST),
      vscode.workspace.findFiles(RECORDS, NOT_OURS, MOST),
    ]);
    this.#experiments = experiments
      .filter(({ scheme }) => scheme === "file")
      .sort((a, b) => a.fsPath.localeCompare(b.fsPath));
    const paths = (uris: readonly vscode.Uri[]): string[] =>
      uris.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
    return { experiments: paths(this.#experiments), records: paths(records) };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #watch(pattern: string): void {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const soon = (): void => this.#soon();
    this.#disposables.push(watcher, watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon));
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
    }, SETTLE_MS);
  }
}
