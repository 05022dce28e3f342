/** Rows of a Parquet file as the JSON texts that a JSON Lines file of the same data would hold. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { asyncBufferFromFile, type Compressors, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { exactNumber } from "../../toolcalls/json.ts";

/** Rows that are decoded at a time; a published row holds a few kilobytes. */
const ROWS = 2_000;

/** Snappy, which most files use, is part of the reader; Node has the others. */
const compressors: Compressors = {
  GZIP: (bytes, length) => sized(gunzipSync(bytes, { maxOutputLength: length })),
  BROTLI: (bytes, length) => sized(brotliDecompressSync(bytes, { maxOutputLength: length })),
  ZSTD: (bytes, length) => sized(zstdDecompressSync(bytes, { maxOutputLength: length })),
};

const sized = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

/** @throws Error where the file is no Parquet file, or of a kind that cannot be read; not only here: an error may reach nobody */
export async function* parquetRows(file: string): AsyncGenerator<string[]> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const count = Number(metadata.num_rows);
  // Else rows that nothing holds would be asked for without end.
  const held = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (count !== held) throw new Error(`it claims ${count} rows, and its groups hold ${held}`);
  for (let rowStart = 0; rowStart < count; rowStart += ROWS) {
    const rowEnd = Math.min(rowStart + ROWS, count);
    const rows: unknown[] = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd });
    yield rows.map((row) => JSON.stringify(jsonValue(row)));
  }
}

/**
 * What JSON can say of a value. Columns of structs give every row every key, null where the row had none (formats.md calls these
 * arrow nulls), so members that are null are left out.
 */
function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : exactNumber(String(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return value.map(jsonValue);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, jsonValue);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, jsonValue(member)]));
}
