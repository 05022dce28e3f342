import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { runCheck } from "./checkProcess.ts";

const program = join(import.meta.dirname, "process", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "toolexpander-check-"));
after(() => rmSync(folder, { recursive: true }));

const run = (file: string, { abort = new AbortController(), progress = (_done: number) => {}, of = program } = {}) =>
  runCheck(of, { file, settings: {} }, { signal: abort.signal, progress });

test("a process checks the file and ends", async () => {
  const file = join(folder, "a.samples.jsonl");
  writeFileSync(file, '{"id":"a","query":"Hello","tools":[],"answer":[]}\n{"id":"a",}\n');
  const { findings, pages, summary } = await run(file);
  assert.deepEqual(
    findings.map(({ rule, line }) => [rule, line]),
    [["json-syntax", 1]],
  );
  assert.equal(pages.length, 1);
  assert.equal(summary.records, 2);
});

test("what the file is to blame for is told as such, with its sentence", async () => {
  await assert.rejects(run(join(folder, "nothing.jsonl")), InputError);
});

test("a check that nobody waits for is ended with its process, before and while it goes on", async () => {
  const file = join(folder, "endless.samples.jsonl");
  writeFileSync(
    file,
    `${JSON.stringify({ id: "a", query: "x".repeat(1000), tools: [], answer: [] })}\n`.repeat(200_000),
  );
  const before = new AbortController();
  before.abort();
  await assert.rejects(run(file, { abort: before }), { name: "AbortError" });
  const abort = new AbortController();
  const reports: number[] = [];
  const progress = (done: number): void => {
    reports.push(done);
    abort.abort();
  };
  await assert.rejects(run(file, { abort, progress }), { name: "AbortError" });
  assert.ok(reports.every((done) => done >= 0 && done <= 1));
});

test("a process that dies is told with its last words", async () => {
  const dying = join(folder, "dying.mjs");
  writeFileSync(dying, 'process.once("message", () => { console.error("out of it"); process.exit(3); });');
  await assert.rejects(run("x", { of: dying }), /ended unexpectedly \(exit code 3\)\. out of it/);
});
