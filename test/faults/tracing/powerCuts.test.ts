import assert from "node:assert/strict";
import test from "node:test";
import { PowerCuts } from "./powerCuts.ts";
import { readTrace } from "./strace.ts";

const watch = {
  folder: "/r",
  passing: (path: string) => path.endsWith(".log"),
  promises: (path: string) => path.endsWith("-wal"),
};

/** A trace from its essentials: `write 3 /r/a`, `sync /r`, `rename /r/a /r/b`. */
function breaches(...lines: string[]): string[] {
  const calls: Record<string, (a: string, b: string) => string> = {
    create: (a) => `openat(AT_FDCWD</home>, "${a}", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 5<${a}>`,
    write: (a) => `write(5<${a}>, ""..., 9) = 9`,
    sync: (a) => `fsync(5<${a}>) = 0`,
    mkdir: (a) => `mkdir("${a}", 0777) = 0`,
    rename: (a, b) => `rename("${a}", "${b}") = 0`,
    link: (a, b) => `link("${a}", "${b}") = 0`,
    remove: (a) => `unlink("${a}") = 0`,
    fail: (a, b) => `rename("${a}", "${b}") = -1 ENOENT (No such file or directory)`,
  };
  const text = lines.map((line) => {
    const [name = "", a = "", b = ""] = line.split(" ");
    return `12 ${calls[name]?.(a, b) ?? line}`;
  });
  return PowerCuts.of(readTrace(text.join("\n")), watch).map(({ line, what }) => `${line}: ${what}`);
}

test("a file that is written beside, synced, renamed and whose folder is synced is safe", () => {
  assert.deepEqual(breaches("create /r/a", "write /r/a", "sync /r/a", "rename /r/a /r/b", "sync /r"), []);
});

test("each of the two syncs is missed, and so is what is written after the first", () => {
  assert.deepEqual(breaches("create /r/a", "write /r/a", "rename /r/a /r/b", "sync /r/b", "sync /r"), [
    "3: /r/a was not synced before it was named /r/b",
  ]);
  assert.deepEqual(breaches("create /r/a", "write /r/a", "sync /r/a", "rename /r/a /r/b"), [
    "4: the name /r/b was not synced before the process ended",
  ]);
  assert.deepEqual(breaches("create /r/a", "sync /r/a", "write /r/a", "rename /r/a /r/b", "sync /r/b", "sync /r"), [
    "4: /r/a was not synced before it was named /r/b",
  ]);
  assert.deepEqual(breaches("create /r/a", "sync /r/a", "link /r/a /r/b", "remove /r/a"), [
    "4: the name /r/b was not synced before /r/a was removed",
  ]);
});

test("a folder is whole when all files, folders and names in it are", () => {
  const folder = ["mkdir /r/d", "mkdir /r/d/e", "create /r/d/e/f", "write /r/d/e/f", "sync /r/d/e/f"];
  assert.deepEqual(breaches(...folder, "sync /r/d/e", "sync /r/d", "rename /r/d /r/g", "sync /r"), []);
  assert.deepEqual(breaches(...folder, "sync /r/d", "rename /r/d /r/g", "sync /r"), [
    "7: the name /r/d/e/f was not synced before /r/d was named /r/g",
  ]);
});

test("what others rely on lasts before a store promises more, and before what it replaces is removed", () => {
  const beside = ["create /r/c/a", "sync /r/c/a", "rename /r/c/a /r/c/b"];
  const store = ["create /r/s-wal", "write /r/s-wal", "sync /r/s-wal", "sync /r"];
  assert.deepEqual(breaches(...beside, "sync /r/c", ...store), []);
  assert.deepEqual(breaches(...beside, ...store), ["6: the name /r/c/b was not synced before /r/s-wal promised it"]);
  assert.deepEqual(breaches(...beside, "remove /r/c/older", "sync /r/c"), [
    "4: the name /r/c/b was not synced before /r/c/older was removed",
  ]);
});

test("a sync covers what was written before it began", () => {
  const call = (text: string) => `13 ${text}`;
  assert.deepEqual(
    breaches(
      "create /r/a",
      call("fsync(5</r/a> <unfinished ...>"),
      "write /r/a",
      call("<... fsync resumed>) = 0"),
      "rename /r/a /r/b",
      "sync /r",
    ),
    ["5: /r/a was not synced before it was named /r/b", "6: /r/b was not synced before the process ended"],
  );
});

test("what fails, lies elsewhere or passes with its process counts for nothing", () => {
  assert.deepEqual(
    breaches("fail /r/a /r/b", "create /r/x.log", "write /r/x.log", "create /q/a", "rename /q/a /q/b"),
    [],
  );
});
