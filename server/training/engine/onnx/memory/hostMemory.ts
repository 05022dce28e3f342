/** Memory of the machine, or of the container that this process is in. */
import { totalmem } from "node:os";

/** Bytes. */
export function totalHostMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** macOS counts as taken what it keeps in case it is read again; this much of the whole can be had. */
const SHARE_ON_MACOS = 0.75;

/** Bytes that a new process may take without driving others out. */
export function freeHostMemory(platform: NodeJS.Platform = process.platform): number {
  if (platform === "darwin") return SHARE_ON_MACOS * totalHostMemory();
  return Math.min(process.availableMemory(), totalHostMemory());
}
