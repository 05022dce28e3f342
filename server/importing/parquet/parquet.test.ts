import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { parquetWriteFile } from "hyparquet-writer";
import { InputError } from "../../../schemas/problem.ts";
import { readParquet } from "./parquet.ts";

/** Before the first page. */
const MAGIC = "PAR1".length;
/** Of a page's header: its kind and two sizes, of two bytes each; those of our columns are the same. */
const SIZES = 6;
/** Behind them: that a struct begins, and its number of values. */
const NUMBER_OF_NULLS = SIZES + 3;

/** A file of one row group, its columns of three numbers each, with one byte of the last column's page changed. */
function changed(t: TestContext, { columns, at, to }: { columns: string[]; at: number; to?: number }): string {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-parquet-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const filename = join(folder, "rows.parquet");
  const columnData = columns.map((name) => ({ name, data: [1n, 2n, null], type: "INT64" as const }));
  parquetWriteFile({ filename, codec: "UNCOMPRESSED", columnData });
  const bytes = readFileSync(filename);
  const header = bytes.subarray(MAGIC, MAGIC + SIZES);
  if (to !== undefined) bytes[bytes.lastIndexOf(header) + at] = to;
  writeFileSync(filename, bytes);
  return filename;
}

async function rowsOf(file: string, seconds: number): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const texts of readParquet(file, { seconds })) rows.push(...texts.map((text) => JSON.parse(text)));
  return rows;
}

test("rows are objects without what they do not have", async (t) => {
  const file = changed(t, { columns: ["a", "b"], at: 0 });
  assert.deepEqual(await rowsOf(file, 30), [{ a: 1, b: 1 }, { a: 2, b: 2 }, {}]);
});

test("a page without a size, which the decoder would read for ever, is given up with a sentence", async (t) => {
  const file = changed(t, { columns: ["a"], at: NUMBER_OF_NULLS, to: 0x80 });
  await assert.rejects(rowsOf(file, 2), (error) => {
    assert.ok(error instanceof InputError);
    assert.equal(error.message, "This cannot be read as Parquet: a batch of its rows took more than 2 s.");
    return true;
  });
});

test("an error that the decoder throws where nobody listens ends its thread and nothing else", async (t) => {
  const file = changed(t, { columns: ["a", "a"], at: 0, to: 0 });
  await assert.rejects(rowsOf(file, 30), /^InputError: This cannot be read as Parquet: .+\.$/);
});
