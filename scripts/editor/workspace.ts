/** A copy of the quickstart workspace to work in, so that the repository's own stays as it is. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

/** Left by runs that were started in the repository's own workspace. */
const runsFolder = "runs";

/** Paths of a workspace's files from its root, sorted; without its runs. */
function filesOf(workspace: string): string[] {
  return readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(workspace, path.join(entry.parentPath, entry.name)))
    .filter((file) => file.split(path.sep)[0] !== runsFolder)
    .sort();
}

export function copyWorkspace(source: string, target: string): void {
  for (const file of filesOf(source)) cpSync(path.join(source, file), path.join(target, file));
}

/**
 * The copy that belongs to what the source holds now: made where it is missing; otherwise as it was left, with its runs and
 * whatever was edited. Its folder has the source's name.
 */
export function workspaceFor(source: string, below: string): string {
  const hash = createHash("sha256");
  for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(path.join(source, file)));
  const place = path.join(below, hash.digest("hex").slice(0, 8));
  const workspace = path.join(place, path.basename(source));
  if (existsSync(workspace)) return workspace;
  mkdirSync(place, { recursive: true });
  // Renamed into place, so that a copy that was cut off is never taken for the whole.
  const partial = mkdtempSync(path.join(place, "partial-"));
  try {
    copyWorkspace(source, partial);
    if (!existsSync(workspace)) renameSync(partial, workspace);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return workspace;
}
