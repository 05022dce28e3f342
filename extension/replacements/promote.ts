/** Promote Rollout to Demonstration: where it goes, and the edit of that file, which can be undone and is not saved yet. */
import * as path from "node:path";
import * as vscode from "vscode";
import { plain } from "../../server/toolcalls/display.ts";
import { REPLACEMENT_SUFFIX } from "../../server/toolcalls/replacementName.ts";
import { inform, pick } from "../window.ts";
import { editTo } from "./documentEdits.ts";
import type { PromotedFrom, Promotion } from "./messages.ts";
import type { ReplacementClient } from "./replacementClient.ts";

/** Into the experiment's file, or into an edit that is open, where there is one and the person wants that. */
export async function promote(client: ReplacementClient, from: PromotedFrom): Promise<void> {
  const promotion = await client.promotion(from);
  // The answer of its own sample is what it would give away.
  const edits = openEdits().filter(({ fsPath }) => from.kind === "stored" || fsPath !== from.file);
  const target = await chooseTarget(promotion, edits);
  if (target === undefined) return;
  if (target === "file") await intoFile(client, promotion);
  else await intoEdit(client, promotion, target);
}

async function chooseTarget(
  { demonstrations }: Promotion,
  edits: readonly vscode.Uri[],
): Promise<"file" | vscode.Uri | undefined> {
  if (demonstrations === null && edits.length === 0) {
    void inform(
      vscode.l10n.t(
        "The experiment names no file of demonstrations. Name one under demonstrations, or open the replacement of another sample.",
      ),
    );
    return undefined;
  }
  if (edits.length === 0) return "file";
  const items: (vscode.QuickPickItem & { target: "file" | vscode.Uri })[] = edits.map((uri) => ({
    label: path.basename(uri.fsPath),
    description: vscode.l10n.t("the replacement that is open"),
    target: uri,
  }));
  // The algorithm has the sample itself to choose from; an edit gains most, with what was written before the calls.
  if (demonstrations !== null) {
    items.push({
      label: path.basename(demonstrations),
      description: vscode.l10n.t("the demonstrations of the experiment"),
      target: "file",
    });
  }
  const title = vscode.l10n.t("Where is the demonstration to go?");
  return (await pick(items, { title, placeHolder: title }))?.target;
}

async function intoFile(client: ReplacementClient, promotion: Promotion): Promise<void> {
  const { demonstrations } = promotion;
  if (demonstrations === null) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(demonstrations));
  const { id, insert } = await client.promoteToFile(promotion, document.getText());
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, insert);
  await applied(edit, document);
  const [show, save] = [vscode.l10n.t("Show"), vscode.l10n.t("Save")];
  const chosen = await inform(
    vscode.l10n.t(
      "Added as {0} to {1}, which is not saved yet. New runs will read it; a run that has begun cannot be resumed with a changed file.",
      plain(id),
      vscode.workspace.asRelativePath(document.uri),
    ),
    show,
    save,
  );
  if (chosen === show) await showEnd(document);
  else if (chosen === save) await document.save();
}

async function intoEdit(client: ReplacementClient, promotion: Promotion, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const change = editTo(document, await client.promoteToEdit(promotion, uri.fsPath, document.getText()));
  if (!change) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, [change]);
  await applied(edit, document);
  void inform(vscode.l10n.t("Added as the last demonstration of {0}.", vscode.workspace.asRelativePath(uri)));
}

async function applied(edit: vscode.WorkspaceEdit, { uri }: vscode.TextDocument): Promise<void> {
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${uri.fsPath} could not be changed`);
}

async function showEnd(document: vscode.TextDocument): Promise<void> {
  const { end } = document.lineAt(Math.max(0, document.lineCount - 2)).range;
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end), preview: false });
}

/** Replacements in tabs, in an editor of either kind. */
function openEdits(): vscode.Uri[] {
  const uris = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap(({ input }) =>
      input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? [input.uri] : [],
    ),
  );
  const edits = uris.filter((uri) => uri.scheme === "file" && uri.path.endsWith(REPLACEMENT_SUFFIX));
  return [...new Map(edits.map((uri) => [uri.toString(), uri])).values()];
}
