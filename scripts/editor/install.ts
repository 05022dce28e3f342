/** Installs the editor on demand: whole or not at all, once for all clones of a user. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { editor, editorFolder, servedHere, serverProgram } from "./places.ts";

export type Say = (text: string) => void;

/** Why the editor cannot be had, in a sentence for the person. */
export class EditorUnavailable extends Error {}

/** The three dependency trees of code-server, in the order they are made; its own install script would compile native modules. */
const steps: readonly { folder: readonly string[]; arguments: readonly string[] }[] = [
  { folder: [], arguments: ["install", "--save-exact", `${editor.package}@${editor.version}`] },
  { folder: ["node_modules", editor.package, "lib", "vscode"], arguments: ["install", "--omit=dev"] },
  { folder: ["node_modules", editor.package, "lib", "vscode", "extensions"], arguments: ["install", "--omit=dev"] },
];

/** No script of a package runs, and nothing but what is asked for is downloaded. */
const npmOptions = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

/** Time between two lines of progress, milliseconds. */
const PROGRESS_MS = 5000;

/**
 * Path of the installed editor; installs it first where it is missing.
 *
 * @throws EditorUnavailable where this platform has none or the registry is out of reach
 */
export async function installEditor(say: Say, folder: string = editorFolder()): Promise<string> {
  if (existsSync(serverProgram(folder))) return folder;
  if (!servedHere)
    throw new EditorUnavailable("VS Code cannot be served to a browser on Windows; use desktop VS Code.");
  mkdirSync(path.dirname(folder), { recursive: true });
  removeAbandoned(folder);
  const partial = `${folder}.${process.pid}.partial`;
  say(`Installing VS Code ${editor.vscode} for the browser (once, about ${editor.megabytes} MB) into ${folder}`);
  const began = performance.now();
  try {
    mkdirSync(partial);
    writeFileSync(path.join(partial, "package.json"), '{ "private": true }\n');
    for (const [index, step] of steps.entries()) {
      await npm(
        path.join(partial, ...step.folder),
        step.arguments,
        (megabytes) => say(`  step ${index + 1} of ${steps.length}, ${megabytes()} of about ${editor.megabytes} MB`),
        partial,
      );
    }
    if (!existsSync(serverProgram(partial))) throw new EditorUnavailable("npm installed no editor.");
    takePlace(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  say(`Installed in ${Math.round((performance.now() - began) / 1000)} s.`);
  return folder;
}

/** What an install that was killed left behind. One that still goes on is another process's. */
function removeAbandoned(folder: string): void {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}.`;
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) && /^(\d+)\.partial$/.exec(name.slice(prefix.length))?.[1];
    if (owner && !alive(Number(owner))) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A rename is the moment the install counts; where another process was first, its install is as good. */
function takePlace(partial: string, folder: string): void {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(serverProgram(folder))) throw error;
  }
}

async function npm(
  cwd: string,
  command: readonly string[],
  progress: (megabytes: () => number) => void,
  measured: string,
): Promise<void> {
  const child = spawn("npm", [...command, ...npmOptions], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const told = new AbortController();
  void tell(progress, measured, told.signal).catch(() => {});
  try {
    const code = await ended;
    if (code === 0) return;
  } catch (error) {
    throw new EditorUnavailable(`npm cannot be started: ${(error as Error).message}`);
  } finally {
    told.abort();
  }
  throw new EditorUnavailable(
    `npm could not install ${editor.package}@${editor.version}; is the registry within reach? It said: ${complaint.trim().split("\n").slice(0, 3).join(" ")}`,
  );
}

async function tell(progress: (megabytes: () => number) => void, measured: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(PROGRESS_MS, undefined, { signal });
    progress(() => Math.round(sizeOf(measured) / 1e6));
  }
}

/** Bytes of the files below a folder; files that come and go while it is read are left out. */
function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
