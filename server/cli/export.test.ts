import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { checkpointedRun } from "../training/testing/checkpointedRun.ts";

const program = join(import.meta.dirname, "../cli.ts");
const cli = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [program, "export", ...args], { cwd, encoding: "utf8" });

test("a run is exported as text says and as JSON does", async (t) => {
  const { folder, model } = await checkpointedRun(t, "full", [0, 3]);
  const cwd = dirname(model);
  const text = cli(cwd, folder, "--to", "out", "--checkpoint", "0");
  assert.equal(text.status, 0, text.stderr);
  assert.match(text.stdout, /^Exporting the policy of .* after step 0 …\nThe policy after step 0 is in .*out:\n/);
  assert.match(text.stdout, /^ {2}model\.safetensors \(.*B\)$/m);
  const json = cli(cwd, folder, "--to", "graph", "--as", "onnx", "--json");
  assert.equal(json.status, 0, json.stderr);
  const { files, ...facts } = JSON.parse(json.stdout) as { files: { name: string; bytes: number }[] };
  assert.deepEqual(facts, {
    event: "export",
    run: folder,
    as: "onnx",
    dtype: "f32",
    folder: join(cwd, "graph"),
    step: 3,
  });
  assert.ok(files.some(({ name, bytes }) => name === "onnx/model.onnx" && bytes > 0));
});

test("bad input exits with 1 and one sentence, misuse with 2", async (t) => {
  const { folder, model } = await checkpointedRun(t, "full", [1]);
  const cwd = dirname(model);
  for (const [args, code, sentence] of [
    [[folder, "--to", "out", "--checkpoint", "7"], 1, /no checkpoint of step 7; it has those of step 1\.\n$/],
    [["nothing", "--to", "out"], 1, /There is no run "nothing"/],
    [[folder], 2, /required option '--to <dir>'/],
    [[folder, "--to", "out", "--as", "gguf"], 2, /Allowed choices are safetensors, adapter, onnx/],
    [[folder, "--to", "out", "--as", "onnx", "--dtype", "bf16"], 2, /--as onnx is written in f32/],
    [[folder, "--to", "out", "--checkpoint", "last"], 2, /whole number/],
  ] as const) {
    const { status, stderr } = cli(cwd, ...args);
    assert.equal(status, code, stderr);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  assert.equal(existsSync(join(cwd, "out")), false);
});
