/** Addresses of pages: what the editor shows of a file that is too large for it. */
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Page } from "./messages.ts";

export const PAGE_SCHEME = "toolexpander-page";

/** The name says which lines it has; it ends as JSON Lines do, whatever the file is: part of a document is none. */
export function pageUri(file: string, number: number, { position, lastLine }: Page): vscode.Uri {
  const name = basename(file).replace(/\.jsonl?$/, "");
  const [first, last] = [position.line + 1, lastLine + 1];
  const lines =
    first === last
      ? vscode.l10n.t("line {0}", String(first))
      : vscode.l10n.t("lines {0}–{1}", String(first), String(last));
  // Pages within one line differ by their number only.
  const path = vscode.Uri.file(join(dirname(file), `${name} ${lines}.jsonl`)).path;
  return vscode.Uri.from({
    scheme: PAGE_SCHEME,
    path,
    query: new URLSearchParams({ file, page: String(number) }).toString(),
  });
}

export function parsePageUri({ query }: vscode.Uri): { file: string; page: number } {
  const parameters = new URLSearchParams(query);
  return { file: parameters.get("file") ?? "", page: Number(parameters.get("page")) };
}
