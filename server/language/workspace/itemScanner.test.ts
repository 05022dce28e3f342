import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import { RecordDocument } from "../records/recordDocument.ts";
import { type FileRecord, readRecords } from "./files.ts";
import { ItemScanner, type ScannedItem } from "./itemScanner.ts";

function scan(text: string, chunk: number): { items: ScannedItem[]; bytes: Buffer; scanner: ItemScanner } {
  const bytes = Buffer.from(text);
  const scanner = new ItemScanner();
  const items: ScannedItem[] = [];
  for (let at = 0; at < bytes.length; at += chunk) items.push(...scanner.scan(bytes.subarray(at, at + chunk)));
  return { items, bytes, scanner };
}

const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", '"', "\\", "]", "}", ",", "\n") });
const item = fc.oneof(
  fc.dictionary(text, fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
  fc.array(fc.oneof(text, fc.jsonValue()), { maxLength: 3 }),
);
const blank = fc.constantFrom("", " ", "\n", "\r\n", "\r", "\t\n ");

test("in chunks of any size the items and their places are those of the document read whole", () => {
  fc.assert(
    fc.property(
      fc.array(item, { minLength: 1 }),
      blank,
      blank,
      fc.nat(2),
      fc.integer({ min: 1, max: 40 }),
      (values, a, b, indent, chunk) => {
        const written = values.map((value) => JSON.stringify(value, undefined, indent));
        const whole = `${a}[${b}${written.join(`${a},${b}`)}${b}]${a}`;
        const { items, bytes, scanner } = scan(whole, chunk);
        assert.equal(scanner.end(), undefined);
        const document = new RecordDocument("a.json", whole);
        const wanted = written.map((one, index) => ({ text: one, position: document.start(index) }));
        const found = items.map(({ start, end, position }) => ({ text: bytes.toString("utf8", start, end), position }));
        assert.deepEqual(found, wanted);
      },
    ),
    { seed: 5, numRuns: 500 },
  );
});

test("what departs from an array is said at its place", () => {
  const faultOf = (whole: string) => {
    const { scanner } = scan(whole, 3);
    const fault = scanner.end();
    return fault && `${fault.position.line}:${fault.position.character} ${fault.sentence}`;
  };
  assert.equal(
    faultOf('[{"a":1}\n {"b":2}]'),
    "1:1 A comma is missing here, between two items of the array; what follows was not checked.",
  );
  assert.equal(faultOf('[{"a":1},]'), "0:9 An object or an array is missing here, behind the comma.");
  assert.equal(faultOf('[{"é":"😀"}] x'), "0:13 There is text after the end of the array.");
  assert.equal(faultOf('[{"a":1},\n{"b":'), "1:0 This array is never closed.");
  assert.equal(faultOf("[]"), undefined);
});

test("a long array passes item by item, and a break in it is a record of its own", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-array-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "a.samples.json");
  const row = (index: number): string => `{"id":"row ${index}","text":"${"ü".repeat(400_000)}"}`;
  const rows = Array.from({ length: 24 }, (_, index) => row(index));
  writeFileSync(file, `[\n${rows.join(",\n")}\n {"id":"behind"}]`);
  const records: FileRecord[] = [];
  let most = 0;
  for await (const batch of readRecords(file, 100_000)) {
    records.push(...batch);
    most = Math.max(most, batch.length);
  }
  assert.ok(most < 5, `${most} items at once`);
  assert.equal(records.length, 25);
  assert.deepEqual(records[7]?.start, { line: 8, character: 0 });
  assert.equal(records[7]?.text, row(7).slice(0, 100_001));
  assert.equal(records[7]?.reread(), records[7]?.text);
  assert.match(records[24]?.fault ?? "", /comma is missing/);
  assert.deepEqual(records[24]?.start, { line: 25, character: 1 });
});
