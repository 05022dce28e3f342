import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { checkpointedRun } from "../../server/training/testing/checkpointedRun.ts";
import { temporaryFolder } from "../../server/training/testing/harness.ts";
import { runExport } from "./exportProcess.ts";

const program = join(import.meta.dirname, "process", "main.ts");

/** A program that answers with `messages`, after what it writes where the export would be written first, and then does `end`. */
function stand(folder: string, messages: readonly unknown[], end: string): string {
  const file = join(folder, "stand.mjs");
  writeFileSync(
    file,
    `import { mkdirSync, writeFileSync } from "node:fs";
process.once("message", ({ to }) => {
  const aside = to + ".tmp-" + process.pid;
  mkdirSync(aside);
  writeFileSync(aside + "/model.safetensors", "half of it");
  for (const message of ${JSON.stringify(messages)}) process.send(message);
  ${end}
});`,
  );
  return file;
}

test("a process exports the newest checkpoint, says of which step it is, and ends", async (t) => {
  const run = await checkpointedRun(t, "adapter", [1, 4]);
  const to = join(dirname(run.model), "out");
  const steps: number[] = [];
  const done = await runExport(
    program,
    { run: run.folder, to, as: "onnx", dtype: "f32" },
    { signal: new AbortController().signal, found: (step) => steps.push(step) },
  );
  assert.deepEqual(steps, [4]);
  assert.equal(done.folder, to);
  assert.equal(done.step, 4);
  assert.ok(done.bytes > 0 && existsSync(join(to, "onnx", "model.onnx")));
});

test("what the run is to blame for is told as such, with its sentence", async (t) => {
  const run = await checkpointedRun(t, "full", []);
  const request = { run: run.folder, to: join(dirname(run.model), "out"), as: "onnx", dtype: "f32" } as const;
  await assert.rejects(
    runExport(program, request, { signal: new AbortController().signal, found: () => {} }),
    (error) => error instanceof InputError && /has no checkpoint yet/.test(error.message),
  );
});

test("an export that is cancelled leaves nothing behind, before and while it goes on", async (t) => {
  const folder = temporaryFolder(t);
  const to = join(folder, "out");
  const request = { run: "any", to, as: "onnx", dtype: "f32" } as const;
  const abort = new AbortController();
  const endless = stand(folder, [{ kind: "found", step: 2 }], "setInterval(() => {}, 1000);");
  const before = readdirSync(folder).sort();
  const going = runExport(endless, request, { signal: abort.signal, found: () => abort.abort() });
  await assert.rejects(going, { name: "AbortError" });
  assert.deepEqual(readdirSync(folder).sort(), before);
  await assert.rejects(runExport(endless, request, { signal: abort.signal, found: () => assert.fail() }), {
    name: "AbortError",
  });
});

test("a process that dies is told with its last words, and what it had begun is cleared away", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "out"));
  const request = { run: "any", to: join(folder, "out", "a"), as: "onnx", dtype: "f32" } as const;
  const options = { signal: new AbortController().signal, found: () => {} };
  const dying = stand(folder, [], 'console.error("out of it"); process.exit(3);');
  await assert.rejects(runExport(dying, request, options), /ended unexpectedly \(exit code 3\)\. out of it/);
  assert.deepEqual(readdirSync(join(folder, "out")), []);
  const odd = stand(folder, [{ kind: "finished", step: -1 }], "process.disconnect();");
  await assert.rejects(runExport(odd, request, options), /what is not known/);
});
