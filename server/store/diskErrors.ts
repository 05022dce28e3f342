/** A disk that takes no more is the user's to mend, not a defect: these errors become one sentence that says so. */
import { InputError } from "../../schemas/problem.ts";

const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const refusedWrite = new Set(["EACCES", "EPERM", "EROFS"]);

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html); extended codes carry them in the low byte. */
const sqliteBusy = 5;
const sqliteFull = 13;
const sqliteReadOnly = 8;
const sqliteWriteFailed = 778;
/** The index of a write-ahead log found no room. */
const sqliteIndexFailed = 4874;

function codeOf(error: unknown): { code: string | undefined; sqlite: number | undefined } {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  return {
    code: typeof code === "string" ? code : undefined,
    sqlite: typeof errcode === "number" ? errcode : undefined,
  };
}

/**
 * The error to throw for one that came up while writing `file`: an InputError when the disk is full, a quota is used up,
 * the place may not be written, or another program holds it; otherwise the error itself.
 *
 * @param kept what is still whole, as the end of the sentence: "the file before this write is unchanged"
 */
export function explainWriteError(error: unknown, file: string, kept: string): unknown {
  const { code, sqlite } = codeOf(error);
  if (
    (code !== undefined && fullDisk.has(code)) ||
    sqlite === sqliteWriteFailed ||
    sqlite === sqliteIndexFailed ||
    (sqlite ?? 0) % 256 === sqliteFull
  ) {
    const message = `the disk has no room left for ${file} (or a quota is used up); ${kept}. Free some space and go on.`;
    return new InputError(message, { file });
  }
  if ((code !== undefined && refusedWrite.has(code)) || (sqlite ?? 0) % 256 === sqliteReadOnly) {
    return new InputError(`${file} may not be written; ${kept}. Check the permissions of its folder.`, { file });
  }
  if ((sqlite ?? 0) % 256 === sqliteBusy) {
    const message = `another program holds ${file} locked (a notebook with an open query, perhaps); ${kept}. Close it there and go on.`;
    return new InputError(message, { file });
  }
  return error;
}
