/** Files of others that are imported. Their texts are read as the language server's records are; what is left is their container. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { CompressionCodec } from "hyparquet";
import { parquetWriteFile } from "hyparquet-writer";
import { readParquet } from "../../../server/importing/parquet/parquet.ts";
import type { Target } from "../target.ts";
import { exampleText, ofFile } from "./support.ts";

const codecs: readonly CompressionCodec[] = ["SNAPPY", "GZIP", "BROTLI", "ZSTD", "UNCOMPRESSED"];
const compressors = {
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
};

/** Longest time for a batch of a few rows; a damaged file may take all of it. */
const SECONDS = 5;

const parquet: Target = {
  name: "Parquet",
  weight: 1,
  seeds: (folder) =>
    codecs.flatMap((codec, index) => {
      const lines = exampleText("quickstart/train.samples.jsonl").split("\n");
      const rows: { id: string; query: string; answer: unknown }[] = lines
        .slice(2 * index, 2 * index + 3)
        .map((line) => JSON.parse(line));
      const column = (name: "id" | "query") => ({ name, data: rows.map((row) => row[name]), type: "STRING" as const });
      const answers = { name: "answer", data: rows.map(({ answer }) => answer), type: "JSON" as const };
      const counts = { name: "count", data: rows.map((_, row) => BigInt(row) ** 40n), type: "INT64" as const };
      const file = join(folder, `${codec}.parquet`);
      parquetWriteFile({
        filename: file,
        codec,
        compressors,
        columnData: [column("id"), column("query"), answers, counts],
      });
      return [new Uint8Array(readFileSync(file))];
    }),
  open: (folder) => ({
    read: ofFile(folder, "a.parquet", async (file) => {
      // Its thread is held to a limit as any user's is, here to one that cases can wait for.
      for await (const _rows of readParquet(file, { seconds: SECONDS }));
    }),
  }),
};

export const importTargets: readonly Target[] = [parquet];
