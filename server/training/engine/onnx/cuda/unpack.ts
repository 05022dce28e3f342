/** Single files out of a package, which is a zip archive. */
import { createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { checkRoom } from "./download.ts";

export interface Wanted {
  /** Name that the file gets. */
  name: string;
  /** Its path in the archive. */
  path: string;
}

/**
 * Writes the wanted files into a folder, each as its checksum says.
 *
 * @returns bytes of each
 * @throws InputError where the archive is damaged, lacks one of them, or there is no room
 */
export async function unpack(
  archive: string,
  wanted: readonly Wanted[],
  folder: string,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  const zip = await openPromise(archive, { autoClose: false }).catch((error: Error) =>
    Promise.reject(damaged(error.message)),
  );
  try {
    const entries = await entriesOf(zip, wanted);
    await checkRoom(
      dirname(archive),
      entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0),
    );
    const sizes: Record<string, number> = {};
    for (const { name, entry } of entries) {
      await extract(zip, entry, join(folder, name), signal);
      sizes[name] = entry.uncompressedSize;
    }
    return sizes;
  } finally {
    zip.close();
  }
}

async function entriesOf(zip: ZipFile, wanted: readonly Wanted[]): Promise<{ name: string; entry: Entry }[]> {
  const found: { name: string; entry: Entry }[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      for (const { name, path } of wanted) if (entry.fileName === path) found.push({ name, entry });
    }
  } catch (error) {
    throw damaged((error as Error).message);
  }
  const missing = wanted.find(({ name }) => !found.some((file) => file.name === name));
  if (missing)
    throw new InputError(`The package has no ${plain(missing.path, 300)}: it is of a form that is not known.`);
  return found;
}

async function extract(zip: ZipFile, entry: Entry, file: string, signal: AbortSignal | undefined): Promise<void> {
  let checksum = 0;
  const checked = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  };
  try {
    const packed = await zip.openReadStreamPromise(entry);
    await pipeline(packed, checked, createWriteStream(file, { flags: "wx" }), signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    // Those of the disk have a system call; those of the archive have none.
    throw (error as NodeJS.ErrnoException).syscall === undefined ? damaged((error as Error).message) : error;
  }
  if (checksum !== entry.crc32) throw damaged(`the checksum of ${plain(entry.fileName, 300)} does not fit`);
}

const damaged = (what: string): InputError =>
  new InputError(`The package came damaged (${plain(what, 200)}); try again.`);
