/** Reading a zip file, as an extension package is one: its central directory, and stored or deflated entries. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** Paths and contents. @throws Error where it is no zip file or uses what is not needed here (zip64, encryption) */
export function readZip(zip: Buffer): Map<string, Buffer> {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error("not a zip file");
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error(`no entry at ${at}`);
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(local) !== LOCAL) throw new Error(`no file at ${local}`);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(begin, begin + packed);
    if (method !== 0 && method !== 8) throw new Error(`${name}: compression ${method} is not known here`);
    if (!name.endsWith("/")) files.set(name, method === 0 ? data : inflateRawSync(data));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** Writes files below a folder. @throws Error where a path would lead out of it */
export function unpack(files: ReadonlyMap<string, Buffer>, folder: string): void {
  for (const [name, data] of files) {
    const file = path.join(folder, name);
    if (path.relative(folder, file).startsWith("..")) throw new Error(`${name} leads out of ${folder}`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data);
  }
}
