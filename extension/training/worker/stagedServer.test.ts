import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { temporaryFolder } from "../../../server/training/testing/harness.ts";
import { stagedServer } from "./stagedServer.ts";

const system = join(process.platform, process.arch);

/** An extension's folder with what a server needs, and with things that it does not. */
function extensionFolder(dir: string, program = "server"): string {
  const extension = join(dir, "extension");
  const write = (path: string, text: string): void => {
    mkdirSync(join(extension, path, ".."), { recursive: true });
    writeFileSync(join(extension, path), text);
  };
  write("package.json", '{ "type": "module" }');
  write("dist/trainingServer.js", program);
  write("dist/engine.js", "engine");
  write("dist/decoderThread.js", "decoder");
  write("dist/ownCode.js", "reward");
  write("dist/extension.cjs", "host");
  write("node_modules/onnxruntime-common/package.json", "{}");
  write("node_modules/onnxruntime-node/dist/index.js", "node");
  write(join("node_modules/onnxruntime-node/bin/napi-v6", system, "binding.node"), "native");
  write("node_modules/onnxruntime-node/bin/napi-v6/plan9/mips/binding.node", "foreign");
  return extension;
}

function setting(t: TestContext) {
  const dir = temporaryFolder(t);
  const staging = { extension: extensionFolder(dir), storage: join(dir, "storage"), version: "1.2.3" };
  let copies = 0;
  const stage = (): Promise<string> => stagedServer(staging, () => copies++);
  return { dir, staging, stage, copies: () => copies };
}

test("the server, its engine and this system's binaries are copied once", async (t) => {
  const { staging, stage, copies } = setting(t);
  const entry = await stage();
  assert.equal(await stage(), entry);
  assert.equal(copies(), 1);
  const [name, ...more] = readdirSync(staging.storage);
  assert.deepEqual(more, []);
  const copy = join(staging.storage, name as string);
  assert.match(name as string, /^1\.2\.3-[0-9a-f]{12}$/);
  assert.equal(entry, join(copy, "dist", "trainingServer.js"));
  assert.deepEqual(readdirSync(join(copy, "dist")).sort(), [
    "decoderThread.js",
    "engine.js",
    "ownCode.js",
    "trainingServer.js",
  ]);
  const runtime = join(copy, "node_modules", "onnxruntime-node");
  assert.equal(readFileSync(join(runtime, "bin", "napi-v6", system, "binding.node"), "utf8"), "native");
  assert.ok(existsSync(join(runtime, "dist", "index.js")));
  assert.equal(existsSync(join(runtime, "bin", "napi-v6", "plan9")), false);
  assert.ok(existsSync(join(copy, "node_modules", "onnxruntime-common", "package.json")));
});

test("two windows that copy at once end with one copy", async (t) => {
  const { staging, stage } = setting(t);
  const [one, other] = await Promise.all([stage(), stage()]);
  assert.equal(one, other);
  assert.equal(readdirSync(staging.storage).length, 1);
});

test("another build gets a copy of its own, and the earlier one stays while it may be in use", async (t) => {
  const { dir, staging, stage } = setting(t);
  const earlier = await stage();
  extensionFolder(dir, "another build");
  const later = await stage();
  assert.notEqual(later, earlier);
  assert.ok(existsSync(earlier));
  const long = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  utimesSync(join(earlier, "..", ".."), long, long);
  const abandoned = join(staging.storage, "1.2.3-x.tmp-1");
  mkdirSync(abandoned);
  utimesSync(abandoned, long, long);
  await stage();
  assert.equal(existsSync(earlier), false);
  assert.equal(existsSync(abandoned), false);
  assert.ok(existsSync(later));
});

test("a package for another system says so, and leaves nothing", async (t) => {
  const { staging } = setting(t);
  rmSync(join(staging.extension, "node_modules/onnxruntime-node/bin/napi-v6", system), { recursive: true });
  await assert.rejects(
    stagedServer(staging, () => {}),
    { name: "InputError", message: /has no engine for/ },
  );
  assert.equal(existsSync(staging.storage), false);
});
