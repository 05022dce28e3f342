/** Which files are open in tabs: of one that is too large for extensions, nothing else can be seen. */
import * as vscode from "vscode";
import { PAGE_SCHEME, parsePageUri } from "./pageUris.ts";

/** The file that a tab shows, or whose page it shows; undefined for any other tab. */
export function fileOfTab({ input }: vscode.Tab): string | undefined {
  if (!(input instanceof vscode.TabInputText)) return undefined;
  const { uri } = input;
  if (uri.scheme === PAGE_SCHEME) return parsePageUri(uri).file;
  return uri.scheme === "file" ? uri.fsPath : undefined;
}

const allTabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);

export const isInTab = (file: string): boolean => allTabs().some((tab) => fileOfTab(tab) === file);

/** What a tab of the file holds has not been saved. */
export const isUnsaved = (file: string): boolean =>
  allTabs().some((tab) => tab.isDirty && tab.input instanceof vscode.TabInputText && tab.input.uri.fsPath === file);

/** The file in front, whether or not extensions are given it. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText && input.uri.scheme === "file" ? input.uri : undefined;
}
