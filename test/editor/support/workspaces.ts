/** Workspaces of the tests: copies of the shipped ones, each in the folder of its test. */
import path from "node:path";
import { copyWorkspace } from "../../../scripts/editor/workspace.ts";
import { endless, shorten } from "../../shortQuickstart.ts";
import { root } from "../../sources.ts";

/** Longest wait for something that has to be trained first, milliseconds. */
export const TRAINED_MS = 180_000;

export function exampleIn(folder: string, name: "quickstart" | "episodes"): string {
  const workspace = path.join(folder, name);
  copyWorkspace(path.join(root, "examples", name), workspace);
  return workspace;
}

export const quickstartIn = (folder: string): string => exampleIn(folder, "quickstart");

/** A quickstart whose run ends only by being stopped. */
export function endlessQuickstartIn(folder: string): string {
  const workspace = quickstartIn(folder);
  shorten(workspace, endless);
  return workspace;
}
