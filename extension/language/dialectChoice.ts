/** Set Dialect of This File: writes the setting `toolexpander.dialects`, which the server and the checks from disk follow. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import * as vscode from "vscode";
import { type LanguageClient, ResponseError } from "vscode-languageclient/node";
import { InputError } from "../../schemas/problem.ts";
import { ChosenDialects } from "../../server/language/chosenDialects.ts";
import { exactGlob } from "../../server/language/globs.ts";
import { DIALECT } from "../../server/language/messages.ts";
import { DIALECTS, dialectNamed } from "../../server/toolcalls/dialects/index.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { inform, pick } from "../window.ts";

const Answer = Type.Object({ detected: Type.Optional(Type.String()), chosen: Type.Optional(Type.String()) });
const Setting = Type.Record(Type.String(), Type.String());

/** What a caller names to have the dialect detected again. */
const DETECT = "detect";

/** @param wanted id of the dialect, or "detect"; a person is asked where it is undefined */
export async function setDialect(
  client: LanguageClient,
  { uri }: vscode.TextDocument,
  wanted: string | undefined,
): Promise<void> {
  const id = wanted ?? (await pickDialect(await ask(client, uri)));
  if (id === undefined) return;
  if (id !== DETECT && dialectNamed(id) === undefined)
    throw new InputError(vscode.l10n.t("{0} is the id of no dialect.", plain(id)));
  await write(uri, id === DETECT ? undefined : id);
}

async function ask(client: LanguageClient, uri: vscode.Uri) {
  try {
    return Value.Parse(Answer, await client.sendRequest<unknown>(DIALECT, { uri: uri.toString() }));
  } catch (error) {
    if (error instanceof ResponseError) throw new InputError(error.message);
    throw error;
  }
}

interface DialectItem extends vscode.QuickPickItem {
  id: string;
}

async function pickDialect({ detected, chosen }: { detected?: string; chosen?: string }): Promise<string | undefined> {
  const { l10n } = vscode;
  const detectedTitle = dialectNamed(detected ?? "")?.title;
  const notes = (id: string): string =>
    [id, ...(id === detected ? [l10n.t("detected")] : []), ...(id === chosen ? [l10n.t("chosen now")] : [])].join(
      " · ",
    );
  const items: DialectItem[] = [
    {
      id: DETECT,
      label: l10n.t("Detect the dialect"),
      description:
        detectedTitle === undefined ? l10n.t("none is recognized in this file") : l10n.t("here: {0}", detectedTitle),
    },
    ...DIALECTS.map(({ id, title }): DialectItem => ({ id, label: title, description: notes(id) })),
  ];
  const title = l10n.t("Which dialect is the file to be read in?");
  const options = { title, placeHolder: title, matchOnDescription: true };
  return (await pick(items, options))?.id;
}

/** For this workspace where the file lies in it, else for all. */
async function write(uri: vscode.Uri, id: string | undefined): Promise<void> {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const configuration = vscode.workspace.getConfiguration("toolexpander");
  const inspected = configuration.inspect<unknown>("dialects");
  const before = settingOf(inWorkspace ? inspected?.workspaceValue : inspected?.globalValue);
  const name = exactGlob(inWorkspace ? vscode.workspace.asRelativePath(uri, false) : nameOf(uri));
  const { [name]: _, ...others } = before;
  const after = id === undefined ? others : { ...others, [name]: id };
  await configuration.update("dialects", Object.keys(after).length > 0 ? after : undefined, target);
  if (id === undefined) sayWhatStillChooses(uri);
}

const nameOf = (uri: vscode.Uri): string => (uri.scheme === "file" ? uri.fsPath : uri.toString());

/** What is no choice of dialects is not kept. */
const settingOf = (value: unknown): Record<string, string> => (Value.Check(Setting, value) ? { ...value } : {});

function sayWhatStillChooses(uri: vscode.Uri): void {
  const setting = settingOf(vscode.workspace.getConfiguration("toolexpander").get<unknown>("dialects"));
  const dialect = new ChosenDialects(setting).of(nameOf(uri));
  if (dialect === undefined) return;
  void inform(
    vscode.l10n.t("Another glob of the setting toolexpander.dialects still chooses {0} for this file.", dialect.title),
  );
}
