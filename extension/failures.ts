/** Errors as a person is shown them: an input's fault as its sentence, a defect of ours with the way to the log. */
import * as vscode from "vscode";
import { describe, InputError, type Place } from "../schemas/problem.ts";
import { plain, visible } from "../server/toolcalls/display.ts";
import { alarm } from "./window.ts";

const SENTENCE = 1000;

/** Shows an error and logs it. Settles at once; never rejects. */
export function showFailure(error: unknown, log: vscode.LogOutputChannel): void {
  if (isCancelled(error)) return;
  if (error instanceof InputError) {
    log.warn(visible(describe(error)));
    showInputError(error);
    return;
  }
  log.error(visible(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  const message = error instanceof Error ? error.message : String(error);
  const showLog = vscode.l10n.t("Show Log");
  void alarm(vscode.l10n.t("A defect of ToolExpander: {0}", plain(message, SENTENCE)), showLog).then((chosen) => {
    if (chosen === showLog) log.show();
  });
}

/** Handles an event whose caller does not wait: an error is shown, and no rejection is left behind. */
export function inBackground(work: Promise<unknown>, log: vscode.LogOutputChannel): void {
  work.catch((error: unknown) => showFailure(error, log));
}

export function isCancelled(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === "AbortError");
}

function showInputError(error: InputError): void {
  const { place } = error;
  const openFile = vscode.l10n.t("Open File");
  const actions = place?.line === undefined ? [] : [openFile];
  void alarm(plain(describe(error), SENTENCE), ...actions).then(
    (chosen) => {
      if (chosen === openFile && place) return reveal(place);
      return undefined;
    },
    () => {},
  );
}

async function reveal({ file, line = 1, column = 1 }: Place): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  try {
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  } catch {
    // The file went away meanwhile; the message has named it.
  }
}
