/** The records of a file that is imported, whatever it is written in. */
import { type FileRecord, readRecords } from "../language/workspace/files.ts";
import { readParquet } from "./parquet/parquet.ts";

/** @param longest UTF-16 units of a record; a longer one is cut behind one unit more */
export async function* readSource(file: string, longest: number): AsyncGenerator<FileRecord[]> {
  if (!/\.parquet$/i.test(file)) {
    yield* readRecords(file, longest);
    return;
  }
  let index = 0;
  for await (const texts of readParquet(file)) {
    // A row has no line; its number is what people count.
    yield texts.map((text) => ({ text, start: { line: index, character: 0 }, index: index++, reread: () => text }));
  }
}
