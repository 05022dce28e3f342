import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { DiskOrigin } from "./diskOrigin.ts";
import { readRecords } from "./files.ts";

test("a place in a file that is gone, or says something else now, is somewhere at its record", async () => {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-origin-"));
  const file = join(folder, "a.jsonl");
  const other = join(folder, "b.jsonl");
  for (const one of [file, other]) writeFileSync(one, '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
  const originsOf = async (of: string): Promise<DiskOrigin[]> => {
    const origins: DiskOrigin[] = [];
    for await (const batch of readRecords(of, 1000)) origins.push(...batch.map((record) => DiskOrigin.of(of, record)));
    return origins;
  };
  const [, second, third] = await originsOf(file);
  const [elsewhere] = await originsOf(other);
  const id = Ref.root.at("id");
  assert.equal(second?.locate(id).start.character, 6);
  writeFileSync(file, "short");
  // The bytes that were read last are kept; those of another file take their place.
  elsewhere?.locate(id);
  assert.equal(third?.locate(id).start.line, 2);
  rmSync(folder, { recursive: true });
  elsewhere?.text();
  assert.deepEqual(second?.locate(id).start, { line: 1, character: 6 }, "what was found once is kept");
  assert.equal(third?.locate(Ref.root.at("else")).start.line, 2);
});
