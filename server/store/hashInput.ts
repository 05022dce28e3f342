/** What a run read, so that its record can tell later whether a file is still the same. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { InputError } from "../../schemas/problem.ts";
import type { InputFile } from "../../schemas/run.ts";

/** Hash and size of a file the run reads, for its record. It is read in pieces, since a model is larger than a buffer can be. */
export function hashInput(file: string): InputFile {
  const hash = createHash("sha256");
  const piece = new Uint8Array(1 << 22);
  let bytes = 0;
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    throw new InputError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { file });
  }
  try {
    for (let read = readSync(fd, piece); read > 0; read = readSync(fd, piece)) {
      hash.update(piece.subarray(0, read));
      bytes += read;
    }
  } finally {
    closeSync(fd);
  }
  return { file, sha256: hash.digest("hex"), bytes };
}
