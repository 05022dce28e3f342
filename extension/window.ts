/**
 * Messages, pickers and progress of ours: the one way to them (a test holds that), so that text from elsewhere stays text in all of
 * them.
 */
import * as vscode from "vscode";
import { visible, withoutIcons, withoutLinks } from "../server/toolcalls/display.ts";

/** Titles of buttons, or first that the message waits for one in a dialog. */
type Actions = string[] | [vscode.MessageOptions, ...string[]];

/** @returns the button that was pressed */
export const inform = (sentence: string, ...actions: Actions): Thenable<string | undefined> =>
  said(vscode.window.showInformationMessage, sentence, actions);

export const warn = (sentence: string, ...actions: Actions): Thenable<string | undefined> =>
  said(vscode.window.showWarningMessage, sentence, actions);

export const alarm = (sentence: string, ...actions: Actions): Thenable<string | undefined> =>
  said(vscode.window.showErrorMessage, sentence, actions);

/** Text of a message, in which links would work. */
const inertSentence = (text: string): string => withoutLinks(visible(text));

/** Text of a picker, in which icons would be drawn. */
const inertLabel = (text: string): string => withoutIcons(visible(text));

type Show = (sentence: string, options: vscode.MessageOptions, ...actions: string[]) => Thenable<string | undefined>;

function said(show: Show, sentence: string, actions: Actions): Thenable<string | undefined> {
  const [first = {}] = actions;
  const options = typeof first === "string" ? {} : first;
  const titles = [...actions].filter((one) => typeof one === "string");
  return show(inertSentence(sentence), options, ...titles);
}

/** Icons of ours are an item's `iconPath`. @returns the item that was chosen */
export async function pick<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions = {},
): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(items.map(inertItem), inertOptions(options)))?.item;
}

/** As `pick`, of any number. */
export async function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(items.map(inertItem), {
    ...inertOptions(options),
    canPickMany: true,
  });
  return chosen?.map(({ item }) => item);
}

function inertItem<T extends vscode.QuickPickItem>(item: T): vscode.QuickPickItem & { item: T } {
  const { label, description, detail, iconPath, picked } = item;
  return {
    item,
    label: inertLabel(label),
    ...(description !== undefined && { description: inertLabel(description) }),
    ...(detail !== undefined && { detail: inertLabel(detail) }),
    ...(iconPath !== undefined && { iconPath }),
    ...(picked !== undefined && { picked }),
  };
}

function inertOptions({ title, placeHolder, ...options }: vscode.QuickPickOptions): vscode.QuickPickOptions {
  return {
    ...options,
    ...(title !== undefined && { title: inertLabel(title) }),
    ...(placeHolder !== undefined && { placeHolder }),
  };
}

export type Progress = vscode.Progress<{ message?: string; increment?: number }>;

export function withProgress<T>(
  { title, ...options }: vscode.ProgressOptions & { title: string },
  work: (progress: Progress, token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  return vscode.window.withProgress({ ...options, title: inertSentence(title) }, (progress, token) =>
    work(
      {
        report: ({ message, ...rest }) =>
          progress.report({ ...rest, ...(message !== undefined && { message: inertSentence(message) }) }),
      },
      token,
    ),
  );
}

/** What a person types. */
export const ask = ({ prompt, ...options }: vscode.InputBoxOptions): Thenable<string | undefined> =>
  vscode.window.showInputBox({ ...options, ...(prompt !== undefined && { prompt: inertSentence(prompt) }) });
