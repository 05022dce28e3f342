/** What waits until the workspace is trusted: all that makes its files do something. */
import * as vscode from "vscode";
import { InputError } from "../schemas/problem.ts";

/** @throws InputError where the workspace is not trusted; commands ask before it comes to that */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new InputError(untrusted());
}

export const untrusted = (): string =>
  vscode.l10n.t("Training runs what the files of this workspace say, so it waits until you trust the workspace.");
