/** What joins a panel to a worker of its own until the panel is closed. */
import * as vscode from "vscode";
import type { ListQuery, RunToShow } from "./shown.ts";
import { WorkerLink } from "./workerLink.ts";

/** What panels are made with. */
export interface PanelSetup {
  /** Where the extension lies. */
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  openRollouts(run: RunToShow, only: Partial<ListQuery>): void;
}

interface PanelWorker<ToView> {
  /** Of the thread. */
  name: string;
  /** Its bundle below dist. */
  file: string;
  data: unknown;
  accepts(message: unknown): message is ToView;
}

export function linkPanel<FromView extends { kind: string }, ToView>(
  panel: vscode.WebviewPanel,
  { extension, log }: Pick<PanelSetup, "extension" | "log">,
  { file, ...worker }: PanelWorker<ToView>,
): WorkerLink<FromView, ToView> {
  const link = new WorkerLink<FromView, ToView>({
    ...worker,
    file: vscode.Uri.joinPath(extension, "dist", file).fsPath,
    // What is posted to a view that is hidden is lost, and may be.
    post: (message) => void panel.webview.postMessage(message),
    log: (sentence) => log.error(sentence),
  });
  panel.onDidDispose(() => link[Symbol.dispose]());
  return link;
}
