/** Folders that are whole whenever they are there. */
import { mkdirSync, renameSync, rmSync } from "node:fs";

/** Has a folder written aside and renamed; what was there under its name gives way to it. */
export async function writtenFolder(folder: string, write: (aside: string) => Promise<void> | void): Promise<void> {
  const aside = `${folder}.tmp-${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    await write(aside);
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
