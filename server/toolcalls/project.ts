/**
 * Which files an experiment may name. An experiment may be a stranger's: what it names is read before anybody trusts it, and a run
 * writes where it says. So it stays in its own project, unless a person has allowed another folder.
 */
import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, relative } from "node:path";

/** What marks the root of a project. */
const MARKS = [".git", ".vscode", "package.json"];

/** Names folders that every experiment may use, as PATH names its folders. */
export const ALLOWED_FOLDERS = "TOOLEXPANDER_ALLOWED_FOLDERS";

/** The nearest folder above a file that looks like the root of a project; the file's own folder where none does. */
export function projectOf(file: string): string {
  const own = dirname(file);
  for (let folder = own; ; folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return own;
  }
}

/** Folders that an experiment may name files of: its project, and those that a person has allowed. */
export function homesOf(experiment: string, allowed: readonly string[] = []): string[] {
  const named = (process.env[ALLOWED_FOLDERS] ?? "").split(delimiter);
  return [projectOf(experiment), ...allowed, ...named].filter((folder) => isAbsolute(folder));
}

/** The same for what the record of a run names: it may have come with its folder. Runs lie beside their experiment by default. */
export function homesOfRun(folder: string): string[] {
  return [...homesOf(join(folder, "run.json")), dirname(dirname(folder))];
}

/**
 * Whether a path, which need not be there yet, lies in one of the folders or is one, as it is written and with links followed. Nothing
 * is touched of what does not as it is written: on Windows a look at `\\host\share` is a greeting to that host.
 */
export function liesWithin(folders: readonly string[], path: string): boolean {
  const real = folders.map(realOf);
  if (![...folders, ...real].some((folder) => isBelow(relative(folder, path)))) return false;
  const found = realOf(path);
  return real.some((folder) => isBelow(relative(folder, found)));
}

/** A file of a folder that a link takes from elsewhere than these folders; undefined where there is none. */
export function linkOutOf(folders: readonly string[], folder: string): string | undefined {
  const homes = [...folders, folder];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .find((path) => lstatSync(path).isSymbolicLink() && existsSync(path) && !liesWithin(homes, path));
}

const isBelow = (path: string): boolean => !/^\.\.([\\/]|$)/.test(path) && !isAbsolute(path);

/** With the links of as much of it followed as is there. */
function realOf(path: string): string {
  const missing: string[] = [];
  for (let there = path; ; there = dirname(there)) {
    try {
      return join(realpathSync(there), ...missing);
    } catch {
      if (dirname(there) === there) return path;
      missing.unshift(basename(there));
    }
  }
}
