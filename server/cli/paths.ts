/** Which files an argument of the command line means. */
import { globSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Absolute paths of a file, of a folder's files, or of what a pattern matches; none where there is none.
 * @param inFolders patterns of the files that are meant where a folder is named
 */
export function filesNamed(path: string, inFolders: string | readonly string[]): string[] {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isFile()) return [resolve(path)];
  const names = kind?.isDirectory()
    ? globSync(inFolders, { cwd: path }).map((name) => join(path, name))
    : globSync(path).filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
  return names.map((name) => resolve(name)).sort();
}
