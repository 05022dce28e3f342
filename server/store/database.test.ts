import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { afterEach, beforeEach } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { closeWriting, inTransaction, openForReading, openForWriting } from "./database.ts";
import { explainWriteError } from "./diskErrors.ts";
import { networkFileSystem, networkFileSystemOf } from "./fileSystem.ts";
import { STORE_VERSION } from "./tables.ts";

let dir = "";
let file = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "database-"));
  file = join(dir, "run.sqlite");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const pragma = (database: DatabaseSync, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
const refuses = (open: () => unknown, message: RegExp): void =>
  assert.throws(
    open,
    (error) => error instanceof InputError && message.test(error.message) && error.message.includes(file),
  );

test("the journal fits the file system, and commits are synced", () => {
  const database = openForWriting(file);
  assert.equal(pragma(database, "journal_mode"), networkFileSystem(dir) === undefined ? "wal" : "delete");
  assert.equal(pragma(database, "synchronous"), 2);
  assert.equal(pragma(database, "user_version"), STORE_VERSION);
  closeWriting(database);
});

test("network file systems are told by their number, signed or not", () => {
  assert.equal(networkFileSystemOf(0x6969), "nfs");
  assert.equal(networkFileSystemOf(0xff534d42), "cifs");
  assert.equal(networkFileSystemOf(0xff534d42 | 0), "cifs");
  assert.equal(networkFileSystemOf(0x65735546), "fuse");
  assert.equal(networkFileSystemOf(0x0bd00bd0), "lustre");
  for (const local of [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0]) {
    assert.equal(networkFileSystemOf(local), undefined, local.toString(16));
  }
});

test("a closed store is one plain file, which opens in a folder that may not be written", () => {
  closeWriting(openForWriting(file));
  assert.deepEqual(readdirSync(dir), ["run.sqlite"]);
  chmodSync(dir, 0o500);
  try {
    const database = openForReading(file);
    assert.equal(pragma(database, "journal_mode"), "delete");
    database.close();
  } finally {
    chmodSync(dir, 0o700);
  }
});

test("closing beside a reader leaves the log to it", () => {
  const writer = openForWriting(file);
  const reader = openForReading(file);
  assert.equal(reader.prepare("SELECT count(*) AS n FROM steps").get()?.n, 0);
  closeWriting(writer);
  assert.equal(reader.prepare("SELECT count(*) AS n FROM steps").get()?.n, 0);
  reader.close();
  closeWriting(openForWriting(file));
});

test("a store of a newer version is refused in one sentence, and left alone", () => {
  closeWriting(openForWriting(file));
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`);
  database.close();
  refuses(() => openForWriting(file), /newer version/);
  refuses(() => openForReading(file), /newer version/);
});

test("a reader refuses what is missing, of nobody yet, older, no database or damaged", () => {
  refuses(() => openForReading(file), /does not exist/);
  const foreign = new DatabaseSync(file);
  foreign.exec("CREATE TABLE t (a)");
  refuses(() => openForReading(file), /holds nothing of a run yet/);
  foreign.exec("PRAGMA user_version = 1");
  foreign.close();
  refuses(() => openForReading(file), /older version/);
  writeFileSync(file, "this is a text, and a long one, which no database begins with".repeat(100));
  refuses(() => openForReading(file), /not a SQLite database/);
  refuses(() => openForWriting(file), /not a SQLite database/);
});

test("a reader undoes what a writer under a rollback journal left half-written", () => {
  closeWriting(openForWriting(file));
  const writer = new DatabaseSync(file);
  // A cache of one page makes the writer write into the file long before it commits.
  writer.exec("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE");
  const insert = writer.prepare("INSERT INTO prompts VALUES (?, ?)");
  for (let row = 0; row < 50; row++) insert.run(String(row), "x".repeat(2000));
  const copy = join(dir, "copy.sqlite");
  copyFileSync(file, copy);
  copyFileSync(`${file}-journal`, `${copy}-journal`);
  writer.exec("ROLLBACK");
  writer.close();
  const bare = new DatabaseSync(copy, { readOnly: true });
  assert.throws(() => bare.prepare("SELECT count(*) FROM prompts").get(), "otherwise this test shows nothing");
  bare.close();
  const reader = openForReading(copy);
  assert.equal(reader.prepare("SELECT count(*) AS n FROM prompts").get()?.n, 0);
  reader.close();
});

test("a transaction that fails leaves nothing, and the next one works", () => {
  const database = openForWriting(file);
  const insert = (step: number): void => {
    database.prepare("INSERT INTO steps VALUES (?, 0, 0, 0, 0, 0)").run(step);
  };
  assert.throws(
    () =>
      inTransaction(database, () => {
        insert(1);
        throw new Error("stop");
      }),
    /stop/,
  );
  inTransaction(database, () => insert(2));
  assert.deepEqual(
    database
      .prepare("SELECT step FROM steps")
      .all()
      .map(({ step }) => step),
    [2],
  );
  closeWriting(database);
});

test("errors of the disk become sentences; others stay what they are", () => {
  const codes: [Record<string, unknown>, RegExp][] = [
    [{ code: "ENOSPC" }, /no room left/],
    [{ code: "EDQUOT" }, /no room left/],
    [{ errcode: 13 }, /no room left/],
    [{ errcode: 778 }, /no room left/],
    [{ errcode: 4874 }, /no room left/],
    [{ code: "EACCES" }, /may not be written/],
    [{ errcode: 8 }, /may not be written/],
    [{ errcode: 5 }, /holds .* locked/],
  ];
  for (const [fields, message] of codes) {
    const explained = explainWriteError(Object.assign(new Error("x"), fields), file, "all is well") as InputError;
    assert.ok(
      explained instanceof InputError && message.test(explained.message) && /all is well/.test(explained.message),
    );
  }
  const other = new TypeError("x");
  assert.equal(explainWriteError(other, file, ""), other);
});
