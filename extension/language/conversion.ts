/** Convert File to Dialect: a preview beside the file, with a sentence for everything that is lost. Writes only when told to. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import * as vscode from "vscode";
import { type LanguageClient, ResponseError } from "vscode-languageclient/node";
import { InputError } from "../../schemas/problem.ts";
import { CONVERT } from "../../server/language/messages.ts";
import { isLines } from "../../server/language/records/split.ts";
import { DIALECTS } from "../../server/toolcalls/dialects/index.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { inform, pick, warn } from "../window.ts";

const Converted = Type.Object({ text: Type.String(), lost: Type.Array(Type.String()) });

/** Of a sentence in a notice. */
const MOST_CHARACTERS = 300;

/**
 * @param wanted id of the dialect; a person is asked where it is undefined
 * @throws InputError where the server refuses, as for a file that it does not look at
 */
export async function convertFile(
  client: LanguageClient,
  document: vscode.TextDocument,
  log: vscode.LogOutputChannel,
  wanted: string | undefined,
): Promise<void> {
  const dialect = wanted === undefined ? await pickDialect() : named(wanted);
  if (dialect === undefined) return;
  const { version } = document;
  const { text, lost } = await ask(client, document, dialect.id);
  if (text === "") throw new InputError(vscode.l10n.t("Nothing in this file can be written as {0}.", dialect.label));
  const language = isLines("", text) ? "jsonl" : "json";
  const preview = await vscode.workspace.openTextDocument({ language, content: text });
  const name = vscode.workspace.asRelativePath(document.uri);
  const title = vscode.l10n.t("{0} as {1}", name, dialect.label);
  await vscode.commands.executeCommand("vscode.diff", document.uri, preview.uri, title);
  for (const sentence of lost) log.warn(`${name}: ${plain(sentence, MOST_CHARACTERS)}`);
  void offer(document, version, preview, lost, log);
}

function named(id: string): DialectItem {
  const dialect = DIALECTS.find((one) => one.id === id);
  return { id, label: dialect?.title ?? id };
}

interface DialectItem extends vscode.QuickPickItem {
  id: string;
}

async function pickDialect(): Promise<DialectItem | undefined> {
  const written = DIALECTS.filter(({ writeSample, writeTool }) => writeSample ?? writeTool);
  const items = written.map(({ id, title }): DialectItem => ({ id, label: title, description: id }));
  const title = vscode.l10n.t("Which dialect is the file to be written in?");
  return pick(items, { title, placeHolder: title, matchOnDescription: true });
}

async function ask(client: LanguageClient, { uri }: vscode.TextDocument, dialect: string) {
  let answer: unknown;
  try {
    answer = await client.sendRequest<unknown>(CONVERT, { uri: uri.toString(), dialect });
  } catch (error) {
    if (error instanceof ResponseError) throw new InputError(error.message);
    throw error;
  }
  return Value.Parse(Converted, answer);
}

/** Says what is lost, and lets the person take the preview over. Ends with the notice. */
async function offer(
  document: vscode.TextDocument,
  version: number,
  preview: vscode.TextDocument,
  lost: readonly string[],
  log: vscode.LogOutputChannel,
): Promise<void> {
  const [replace, showAll] = [vscode.l10n.t("Replace File's Content"), vscode.l10n.t("Show All Losses")];
  const [first] = lost;
  const chosen =
    first === undefined
      ? await inform(vscode.l10n.t("Nothing is lost. The file is as it was until you replace its content."), replace)
      : await warn(
          lost.length === 1
            ? plain(first, MOST_CHARACTERS)
            : vscode.l10n.t("{0} And {1} more.", plain(first, MOST_CHARACTERS), lost.length - 1),
          replace,
          showAll,
        );
  if (chosen === showAll) log.show();
  if (chosen !== replace) return;
  if (document.isClosed || document.version !== version) {
    void warn(vscode.l10n.t("The file has changed since it was converted. Convert it again; nothing was replaced."));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, document.validateRange(whole), preview.getText());
  await vscode.workspace.applyEdit(edit);
}
