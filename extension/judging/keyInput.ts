/** How a person gives a judge's key: typed where nobody can read it. */
import * as vscode from "vscode";
import { keyFault } from "../../server/training/spark/judges/endpoint/key.ts";
import { ask, inform } from "../window.ts";
import type { JudgeKeys } from "./judgeKeys.ts";

/** The key that was typed and is kept from here on; undefined where none was. @param title of the field */
export async function askForKey(keys: JudgeKeys, address: string, title: string): Promise<string | undefined> {
  const typed = await ask({
    title,
    prompt: vscode.l10n.t("The key is kept in the editor's secret storage, and in no file of yours."),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text === "" ? undefined : keyFault(text.trim())),
  });
  if (!typed) return undefined;
  const key = typed.trim();
  const origin = await keys.set(address, key);
  void inform(vscode.l10n.t("The key for {0} is kept.", origin));
  return key;
}
