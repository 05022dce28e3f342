/** A file from a feed, with its bytes told as they come. */
import { createWriteStream } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError } from "../../../../../schemas/problem.ts";
import { sizeText } from "../../../models/sizeText.ts";
import { request, type Transport } from "./requests.ts";

/** Bytes so far, and in all where the server says so. */
export type Received = (received: number, total: number | undefined) => void;

/**
 * Writes what lies at the address into a new file.
 *
 * @throws InputError where it cannot be had whole, or has no room; an AbortError where the signal says so
 */
export function download(url: URL, file: string, transport: Transport, received: Received = () => {}): Promise<void> {
  return request(url, transport, async ({ headers, body }, line) => {
    const length = headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    if (total !== undefined) await checkRoom(dirname(file), total);
    let bytes = 0;
    const counted = async function* () {
      for await (const chunk of body as ReadableStream<Uint8Array>) {
        line.heard();
        bytes += chunk.byteLength;
        received(bytes, total);
        yield chunk;
      }
    };
    await pipeline(counted, createWriteStream(file, { flags: "wx" }));
    if (total !== undefined && bytes !== total)
      throw new InputError(`${url.host} sent ${sizeText(bytes)} of ${sizeText(total)} and ended; try again.`);
  });
}

/** @throws InputError where the folder's disk has no room for so many bytes */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new InputError(
    `${folder} has room for ${sizeText(bavail * bsize)}, and CUDA support needs ${sizeText(bytes)} more there; free some, or name another folder with XDG_DATA_HOME.`,
  );
}
