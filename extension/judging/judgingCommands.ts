/** What the commands of judging ask a person: for which process, which address, which key. */
import * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import { baseAddress } from "../../server/training/spark/judges/endpoint/address.ts";
import { ask, inform, pick, warn } from "../window.ts";
import type { JudgeKeys } from "./judgeKeys.ts";
import { lineOf, nameOf, wishOf } from "./judgingText.ts";
import { askForKey } from "./keyInput.ts";
import type { JudgingStatus } from "./messages.ts";

export function pickToJudge(list: readonly JudgingStatus[]): Promise<JudgingStatus | undefined> {
  return pickJudging(
    list.filter(({ isOffered }) => !isOffered),
    vscode.l10n.t("For which trajectories is this window to judge?"),
    vscode.l10n.t("No trajectories of this workspace wait for a window."),
  );
}

export function pickToStop(list: readonly JudgingStatus[]): Promise<JudgingStatus | undefined> {
  return pickJudging(
    list.filter(({ isOffered }) => isOffered),
    vscode.l10n.t("For which trajectories is this window to judge no longer?"),
    vscode.l10n.t("This window judges for no trajectories."),
  );
}

export async function setJudgeKey(keys: JudgeKeys): Promise<void> {
  const address = await ask({
    title: vscode.l10n.t("Set Judge Key (1/2)"),
    prompt: vscode.l10n.t("Base URL of the endpoint, as the experiment names it. The key is sent to no other host."),
    ignoreFocusOut: true,
    validateInput: (text) => (text === "" ? undefined : addressFault(text)),
  });
  if (!address) return;
  await askForKey(keys, address, vscode.l10n.t("Set Judge Key (2/2)"));
}

export async function forgetJudgeKey(keys: JudgeKeys): Promise<void> {
  if (keys.origins.length === 0) {
    void inform(vscode.l10n.t("No judge's key is kept."));
    return;
  }
  const title = vscode.l10n.t("Which endpoint's key is to be forgotten?");
  const origins = keys.origins.map((label) => ({ label }));
  const origin = (await pick(origins, { title, placeHolder: title }))?.label;
  if (origin === undefined) return;
  await keys.forget(origin);
  void inform(vscode.l10n.t("The key for {0} is forgotten.", origin));
}

function addressFault(text: string): string | undefined {
  try {
    baseAddress(text);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function pickJudging(
  list: readonly JudgingStatus[],
  question: string,
  none: string,
): Promise<JudgingStatus | undefined> {
  if (list.length < 2) {
    if (list.length === 0) void inform(none);
    return list[0];
  }
  const items = list.map((status) => ({
    label: nameOf(status),
    description: wishOf(status),
    detail: lineOf(status, vscode.l10n),
    status,
  }));
  return (await pick(items, { title: question, placeHolder: question }))?.status;
}

/** False where the workspace is not trusted, which has then been said. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const said = vscode.l10n.t(
    "What this workspace wants judged is sent to a language model, so it waits until you trust it.",
  );
  if ((await warn(said, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
  return false;
}
