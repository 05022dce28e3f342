/** Files that are there whole or not at all, whatever moment the machine stops at. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
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
