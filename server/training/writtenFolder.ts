/** Folders that are whole whenever they are there. */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder, syncTree } from "../store/atomicFile.ts";

/** Where a process of that id writes it first; what is left there belongs to nobody once the process has ended. */
export const asideOf = (folder: string, pid: number): string => `${folder}.tmp-${pid}`;

/**
 * Has a folder written aside, synced and renamed: what a record says of it afterwards a power cut does not belie.
 *
 * @param clear makes room at the last moment: what is there under the name gives way to it, unless told otherwise
 */
export async function writtenFolder(
  folder: string,
  write: (aside: string) => Promise<void> | void,
  clear = (there: string): void => rmSync(there, { recursive: true, force: true }),
): Promise<void> {
  const aside = asideOf(folder, process.pid);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    await write(aside);
    await syncTree(aside);
    clear(folder);
    renameSync(aside, folder);
    syncFolder(dirname(folder));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
