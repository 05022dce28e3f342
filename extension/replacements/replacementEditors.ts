/** The replacement editors of a window, and the commands around them. A bundle of its own. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { replacementViewType } from "../commands/names.ts";
import { pickRun } from "../commands/pickRun.ts";
import { partOf } from "../commands/target.ts";
import { isLive } from "../status/runStatus.ts";
import type { Runs } from "../status/runs.ts";
import { viewPage } from "../views/page.ts";
import { inform, warn } from "../window.ts";
import { type DraftLanguage, EditorSession } from "./editorSession.ts";
import { pickRollout } from "./pickRollout.ts";
import { fileOf, openFile, pickSample } from "./pickSample.ts";
import { promote } from "./promote.ts";
import { ReplacementClient } from "./replacementClient.ts";
import { positionOf } from "./rolloutTarget.ts";

export interface ReplacementEditorsOptions {
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  runs: Runs;
  language: DraftLanguage;
}

export class ReplacementEditors implements vscode.Disposable {
  readonly #options: ReplacementEditorsOptions;
  readonly #client: ReplacementClient;
  /** With the panels that show them. */
  readonly #sessions = new Map<vscode.WebviewPanel, EditorSession>();

  constructor(options: ReplacementEditorsOptions) {
    this.#options = options;
    const program = vscode.Uri.joinPath(options.extension, "dist", "replacementWorker.js").fsPath;
    this.#client = new ReplacementClient(program, (sentence) => options.log.error(sentence));
  }

  /** Joins a document and its view until the view is closed. */
  show(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    const { extension, log, language } = this.#options;
    const { webview } = panel;
    const resources = vscode.Uri.joinPath(extension, "dist", "webview");
    const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(resources, name)).toString();
    const session = new EditorSession({
      document,
      webview,
      client: this.#client,
      language,
      log,
      isSeen: () => panel.visible,
      backToAutomatic: (file) => this.backToAutomatic(file),
    });
    this.#sessions.set(panel, session);
    panel.onDidDispose(() => {
      this.#sessions.delete(panel);
      session.dispose();
    });
    webview.options = { enableScripts: true, localResourceRoots: [resources] };
    webview.html = viewPage({
      script: uri("replacement.js"),
      style: uri("replacement.css"),
      source: webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      title: vscode.workspace.asRelativePath(document.uri),
    });
  }

  /**
   * Edit Replacement of Sample…
   *
   * @param target a row of a tree, of a run or of one of its hard samples, a row of the view of rollouts, or a run's folder; from the
   *   palette, the newest run
   * @param sample its id, where a caller knows it and the target does not say it
   */
  async edit(target: unknown, sample: unknown): Promise<void> {
    const { runs } = this.#options;
    const run = await this.#run(target);
    if (!run) return;
    const named = partOf(target, "sample") ?? sample;
    const id =
      typeof named === "string" ? named : await pickSample(await this.#client.hardSamples(run.folder), isLive(run));
    if (id === undefined) return;
    const { file, text, exists } = await this.#client.draft(run.folder, id);
    const uri = vscode.Uri.file(file);
    if (!exists) await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await vscode.commands.executeCommand("vscode.openWith", uri, replacementViewType);
    if (!exists) void runs.look();
  }

  /** Try Replacement Now: of the editor in front. */
  async try(): Promise<void> {
    await this.#inFront()?.try();
  }

  /** Use Replacement: of the editor in front. */
  async use(): Promise<void> {
    await this.#inFront()?.use();
  }

  /**
   * Promote Rollout to Demonstration…
   *
   * @param target `{ folder, step, phase, group, rollout }` of a run's rollout; from the palette, a run and then one of its correct ones
   */
  async promote(target: unknown): Promise<void> {
    const run = await this.#run(target);
    if (!run) return;
    const at = positionOf(target) ?? (await pickRollout(await this.#client.correctRollouts(run.folder)));
    if (at) await promote(this.#client, { kind: "stored", run: run.folder, at });
  }

  /** Back to Automatic. @param target a file of the explorer; else the one that is open */
  async backToAutomatic(target: unknown): Promise<void> {
    const uri = fileOf(target) ?? openFile();
    if (!uri) {
      const sentence = vscode.l10n.t("Open the replacement of a sample first; then this deletes it.");
      void inform(sentence);
      return;
    }
    const remove = vscode.l10n.t("Delete");
    const question = vscode.l10n.t("Give this sample back to the algorithm?");
    const detail = vscode.l10n.t(
      "{0} is deleted. Runs choose for themselves again.",
      vscode.workspace.asRelativePath(uri),
    );
    if ((await warn(question, { modal: true, detail }, remove)) !== remove) return;
    const edit = new vscode.WorkspaceEdit();
    // As an edit of the workspace it can be undone in the explorer, and open editors of the file close.
    edit.deleteFile(uri, { ignoreIfNotExists: true });
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new Error(`${uri.fsPath} could not be deleted`);
    }
    const { sentence } = await this.#client.offer(uri.fsPath, null);
    void inform(sentence);
  }

  dispose(): void {
    this.#client[Symbol.dispose]();
  }

  #inFront(): EditorSession | undefined {
    for (const [panel, session] of this.#sessions) if (panel.active) return session;
    const sentence = vscode.l10n.t("Open the replacement of a sample in its editor first.");
    void inform(sentence);
    return undefined;
  }

  async #run(target: unknown) {
    const { runs } = this.#options;
    const none = vscode.l10n.t("There is no run in this workspace yet, so no sample has been found hard.");
    const question = vscode.l10n.t("Hard samples of which run?");
    if (target !== undefined) return pickRun(runs, target, { fits: () => true, question, none });
    const [newest] = runs.list.length > 0 ? runs.list : await runs.look();
    // The newest is what a person means; where there is none, the picker says so.
    return newest ?? pickRun(runs, target, { fits: () => true, question, none });
  }
}
