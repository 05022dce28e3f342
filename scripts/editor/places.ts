/** Which VS Code the tests and `npm start` use, and where it lies. */
import { homedir } from "node:os";
import path from "node:path";

/** VS Code served to a browser, from the npm registry: the one source every machine that can run `npm ci` reaches. */
export const editor = {
  package: "code-server",
  version: "4.139.1",
  /** The VS Code in it. */
  vscode: "1.139.1",
  /** Installed, on disk. */
  megabytes: 650,
} as const;

/** Platforms that code-server runs on. */
export const servedHere: boolean = process.platform !== "win32";

/** `TOOLEXPANDER_EDITOR=desktop` tests in the desktop VS Code that @vscode/test-electron downloads, which needs no browser and has no UI tests. */
export const onDesktop: boolean = process.env.TOOLEXPANDER_EDITOR === "desktop";

/** The user's cache folder, so that one download serves every clone; `TOOLEXPANDER_CACHE` names another. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.TOOLEXPANDER_CACHE) return path.resolve(environment.TOOLEXPANDER_CACHE);
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Caches", "toolexpander");
  if (process.platform === "win32") {
    return path.join(environment.LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local"), "toolexpander", "cache");
  }
  const base = environment.XDG_CACHE_HOME;
  // The base directory specification: a relative path there is to be ignored.
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), ".cache"), "toolexpander");
}

/** Folder of the installed editor; native modules in it belong to one platform. */
export const editorFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  path.join(cacheFolder(environment), `${editor.package}-${editor.version}-${process.platform}-${process.arch}`);

/** The program to start, below the editor's folder. */
export const serverProgram = (folder: string): string =>
  path.join(folder, "node_modules", editor.package, "out", "node", "entry.js");
