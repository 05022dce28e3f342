/** The extension's settings, read when they are needed. A test holds that the manifest has the same. */
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { type DeviceChoice, deviceChoices, tryRollouts } from "./settingNames.ts";

const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("toolexpander");

/** What computes; `experiment` leaves it to the experiment file. */
export function deviceChoice(): DeviceChoice {
  const value = configuration().get<unknown>("device");
  return deviceChoices.find((choice) => choice === value) ?? "experiment";
}

/** The device in place of the experiment's, as the worker takes it. */
export function deviceOverride(): { device?: Exclude<DeviceChoice, "experiment"> } {
  const choice = deviceChoice();
  return choice === "experiment" ? {} : { device: choice };
}

/** For this workspace where there is one, since its models decide what fits; else for all. */
export async function chooseDevice(choice: DeviceChoice): Promise<void> {
  const inWorkspace = (vscode.workspace.workspaceFolders ?? []).length > 0;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration().update("device", choice === "experiment" ? undefined : choice, target);
}

/** Globs of files that are looked at besides those of our names; nothing has checked them. */
export const filePatterns = (): unknown => configuration().get<unknown>("files");

/** Another Node than the editor's own. In a workspace without trust, the editor leaves the workspace's value out. */
export function nodePath(): { nodePath?: string } {
  const value = configuration().get<unknown>("nodePath");
  return typeof value === "string" && value.trim() !== "" ? { nodePath: value.trim() } : {};
}

/**
 * Folders that experiments may name files of, besides their own project: absolute paths. In a workspace without trust, the editor leaves
 * the workspace's value out.
 */
export function allowedFolders(): string[] {
  const value = configuration().get<unknown>("allowedFolders");
  const named = Array.isArray(value) ? value.filter((folder) => typeof folder === "string" && isAbsolute(folder)) : [];
  return [...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath), ...named];
}

/** For all workspaces: it is the person's own choice, and none of the files'. */
export async function allowFolder(folder: string): Promise<void> {
  const before = configuration().inspect<unknown>("allowedFolders")?.globalValue;
  const others = Array.isArray(before) ? before.filter((one) => one !== folder) : [];
  await configuration().update("allowedFolders", [...others, folder], vscode.ConfigurationTarget.Global);
}

/** How many rollouts `Try Now` draws of each side. */
export function triedRollouts(): number {
  const value = configuration().get<unknown>("tryRollouts");
  const { least, most, usual } = tryRollouts;
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? value : usual;
}
