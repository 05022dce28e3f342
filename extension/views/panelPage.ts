/** What every panel needs before its page can run: options, policy and files. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { viewPage } from "./page.ts";

export interface PanelContent {
  /** Of script and style below dist/webview. */
  name: string;
  title: string;
  data: Readonly<Record<string, string>>;
}

/** Gives the panel its page. Its options are set anew: an editor that brings it back has lost them. */
export function showPage(panel: vscode.WebviewPanel, extension: vscode.Uri, { name, title, data }: PanelContent): void {
  const { webview } = panel;
  const resources = vscode.Uri.joinPath(extension, "dist", "webview");
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(resources, file)).toString();
  panel.title = title;
  webview.options = { enableScripts: true, localResourceRoots: [resources] };
  webview.html = viewPage({
    script: uri(`${name}.js`),
    style: uri(`${name}.css`),
    source: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
    title,
    data,
  });
}
