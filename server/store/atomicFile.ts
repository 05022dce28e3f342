/** Files that are there whole or not at all, whatever moment the machine stops at. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainWriteError } from "./diskErrors.ts";

/** Makes the names in a folder last. Windows cannot open a folder for that and writes its names through by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Syncs every file and folder below `dir`, itself too, and returns the files' sizes by relative name with forward slashes. */
export async function syncTree(dir: string, prefix = ""): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      Object.assign(sizes, await syncTree(path, `${prefix}${entry.name}/`));
    } else {
      // Windows syncs only what is open for writing; elsewhere a file may be for reading alone.
      await using file = await open(path, process.platform === "win32" ? "r+" : "r");
      await file.sync();
      sizes[prefix + entry.name] = (await stat(path)).size;
    }
  }
  syncFolder(dir);
  return sizes;
}

/**
 * Writes beside the file, syncs, and renames over it: a reader sees the old content or the new one.
 *
 * @param write fills the open file
 * @throws InputError on a full disk or a folder that may not be written; the earlier file is then as it was
 */
export function replaceFile(file: string, write: (fd: number) => void): void {
  const aside = `${file}.tmp-${process.pid}`;
  try {
    const fd = openSync(aside, "w");
    try {
      write(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(aside, { force: true });
    throw explainWriteError(error, file, "what was stored before is unchanged");
  }
}

/** Writes a value as indented JSON with a newline at its end. Errors as replaceFile. */
export function writeJson(file: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  replaceFile(file, (fd) => writeFileSync(fd, text));
}
