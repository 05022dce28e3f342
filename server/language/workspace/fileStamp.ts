import { stat } from "node:fs/promises";

/** Tells whether a file on disk is still what was read; undefined where there is none. */
export async function fileStamp(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs}:${size}`;
  } catch {
    return undefined;
  }
}
