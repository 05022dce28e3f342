/** One panel with the rollout view of one run. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { isViewMessage } from "../../schemas/rolloutView.ts";
import type { KeptViews } from "./keptViews.ts";
import { rolloutPage } from "./page.ts";
import { WorkerLink } from "./workerLink.ts";

export interface RunToShow {
  folder: string;
  title: string;
}

/** Joins panel, page and worker until the panel is closed. The panel's options are set anew: an editor that brings it back has lost them. */
export function showRun(
  panel: vscode.WebviewPanel,
  { folder, title }: RunToShow,
  extension: vscode.Uri,
  keptViews: KeptViews,
  log: vscode.LogOutputChannel,
): void {
  const { webview } = panel;
  const resources = vscode.Uri.joinPath(extension, "dist", "webview");
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(resources, name)).toString();
  const link = new WorkerLink({
    file: vscode.Uri.joinPath(extension, "dist", "storeWorker.js").fsPath,
    runDir: folder,
    // What is posted to a view that is hidden is lost, and may be.
    post: (message) => void webview.postMessage(message),
    log: (sentence) => log.error(sentence),
  });
  panel.onDidDispose(() => link[Symbol.dispose]());
  panel.onDidChangeViewState(() => link.setVisible(panel.visible));
  webview.onDidReceiveMessage((message: unknown) => {
    if (!isViewMessage(message)) log.error("The rollout view sent a message that is not known; it was left alone.");
    else if (message.kind === "keep") void keptViews.keep(folder, message.view);
    else link.receive(message);
  });
  link.setVisible(panel.visible);

  panel.title = title;
  webview.options = { enableScripts: true, localResourceRoots: [resources] };
  webview.html = rolloutPage({
    script: uri("rollouts.js"),
    style: uri("rollouts.css"),
    source: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
    runFolder: folder,
    title,
    kept: keptViews.get(folder),
  });
}
