/** What can be read of a disk that others write to: what cannot is as if it were empty. */
import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";

/** Undefined where there is nothing, or nothing that may be looked at. */
export function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
