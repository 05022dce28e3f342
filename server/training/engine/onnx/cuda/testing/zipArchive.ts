/** A zip archive of a few deflated files, as a package feed has them. */
import { crc32, deflateRawSync } from "node:zlib";

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;

/** @param checksum of a file's content; another than CRC-32 makes a damaged archive */
export function zipArchive(
  files: Readonly<Record<string, Buffer>>,
  checksum: (content: Buffer) => number = (content) => crc32(content),
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content);
    const common = fields([
      [2, 20],
      [2, 0],
      [2, DEFLATED],
      [4, 0],
      [4, checksum(content)],
      [4, packed.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    ]);
    const rest = fields([
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ]);
    directory.push(
      fields([
        [4, ENTRY],
        [2, 20],
      ]),
      common,
      rest,
      name,
    );
    parts.push(fields([[4, LOCAL]]), common, name, packed);
    at += 4 + common.length + name.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = fields([
    [4, END],
    [4, 0],
    [2, count],
    [2, count],
    [4, entries.length],
    [4, at],
    [2, 0],
  ]);
  return Buffer.concat([...parts, entries, end]);
}

/** Little-endian numbers, each with its bytes. */
function fields(values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
