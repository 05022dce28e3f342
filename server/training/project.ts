/** The project that an experiment belongs to: the folder whose code may run with it. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";

/** What marks the root of a project. */
const MARKS = [".git", ".vscode", "package.json"];

/** The nearest folder above a file that looks like the root of a project; the file's own folder where none does. */
export function projectOf(file: string): string {
  const own = dirname(file);
  for (let folder = own; ; folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return own;
  }
}

/** Whether a file that exists lies in a folder, links followed. */
export function liesIn(folder: string, file: string): boolean {
  const path = relative(realpathSync(folder), realpathSync(file));
  return path !== "" && !path.startsWith("..") && !isAbsolute(path);
}
