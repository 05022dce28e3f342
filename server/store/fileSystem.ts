/** Which file systems can carry SQLite's write-ahead log. */
import { statfsSync } from "node:fs";
import { resolve } from "node:path";

/** `f_type` of Linux's statfs(2) and linux/magic.h, for file systems whose other end may be another machine. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x65735546, "fuse"],
  [0x0bd00bd0, "lustre"],
  [0x47504653, "gpfs"],
  [0x00c36400, "ceph"],
  [0x19830326, "beegfs"],
  [0x20030528, "orangefs"],
  [0xaad7aaea, "panfs"],
  [0x5346414f, "afs"],
  [0x6b414653, "kafs"],
  [0x73757245, "coda"],
  [0x01021997, "9p"],
  [0x01161970, "gfs2"],
  [0x7461636f, "ocfs2"],
  [0xbacbacbc, "vmhgfs"],
  [0x786f4256, "vboxsf"],
  [0x7c7c6673, "prl_fs"],
]);

/** The network file system behind a number of statfs, or undefined for a local one. */
export function networkFileSystemOf(type: number): string | undefined {
  return networkTypes.get(type >>> 0);
}

/**
 * Name of the network file system that holds a folder, or undefined where it is local or cannot be told. The log's
 * index is memory shared by all readers and the writer, which only processes on one machine can do
 * (https://www.sqlite.org/wal.html, "Disadvantages"); fuse may be either and is treated as remote. macOS gives numbers
 * that mean nothing across versions, and Windows none at all: there only a \\server\share path is known to be remote.
 */
export function networkFileSystem(folder: string): string | undefined {
  if (process.platform === "win32") return /^\\\\[^?.]/.test(resolve(folder)) ? "share" : undefined;
  if (process.platform !== "linux") return undefined;
  return networkFileSystemOf(statfsSync(folder).type);
}
