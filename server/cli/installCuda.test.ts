import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { librariesIn } from "../training/engine/onnx/cuda/librariesIn.ts";
import { cudaHome, installedSupport } from "../training/engine/onnx/cuda/supportFolder.ts";
import {
  bytes,
  half,
  type LocalFeed,
  localFeed,
  PACKAGE,
  PATHS,
  VERSION,
} from "../training/engine/onnx/cuda/testing/localFeed.ts";
import { zipArchive } from "../training/engine/onnx/cuda/testing/zipArchive.ts";
import type { SystemFacts } from "../training/engine/onnx/devices/systemFacts.ts";
import { NVIDIA_CONTAINER } from "../training/engine/onnx/devices/testing/nvidiaContainer.ts";
import { temporaryFolder } from "../training/testing/harness.ts";
import { type InstallCudaOptions, installCudaCommand } from "./installCuda.ts";

const facts: SystemFacts = { ...NVIDIA_CONTAINER, cudaSupport: false, missingCuda: [{ name: "libcurand.so" }] };
const archive = zipArchive(Object.fromEntries(Object.values(PATHS).map((path) => [path, Buffer.from(path)])));

/** A machine with a card. The user's folder and the runtime's package are the test's own. */
async function machine(t: TestContext, answer: Parameters<typeof localFeed>[1] = archive) {
  const dir = temporaryFolder(t);
  const before = process.env.XDG_DATA_HOME;
  t.after(() => {
    if (before === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = before;
  });
  process.env.XDG_DATA_HOME = join(dir, "data");
  const runtime = join(dir, "onnxruntime-node");
  mkdirSync(librariesIn(runtime, process), { recursive: true });
  writeFileSync(join(librariesIn(runtime, process), "libonnxruntime.so.1"), "the runtime");
  const feed: LocalFeed = await localFeed(t, answer);
  return { ...feed, given: { runtime, provider: feed.provider, facts } };
}

/** Runs the command and returns what it printed. */
async function run(t: TestContext, options: InstallCudaOptions, given: Parameters<typeof installCudaCommand>[1]) {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  // The test runner writes bytes there too.
  const mock = t.mock.method(process.stdout, "write", (text: string | Uint8Array) =>
    typeof text === "string" ? written.push(text) > 0 : write(text),
  );
  try {
    assert.equal(await installCudaCommand(options, given), 0);
  } finally {
    mock.mock.restore();
  }
  return written.join("");
}

test("without --yes it says what would be fetched, from whom, where to and what else is needed, and asks nobody", async (t) => {
  const { asked, given, provider } = await machine(t);
  const said = await run(t, {}, given);
  assert.match(
    said,
    new RegExp(`^To fetch: ${PACKAGE} ${VERSION}, from ${provider.sources[0]?.index.host}, about \\d+ MB\\.$`, "m"),
  );
  assert.ok(said.includes(cudaHome()));
  assert.match(said, /not found: cuRAND \(libcurand\.so\)\.$/m);
  assert.match(said, /Nothing was fetched: --yes fetches it\.\n$/);
  assert.deepEqual(asked, []);
  assert.equal(existsSync(cudaHome()), false);
});

test("with --yes it is fetched, a second time nothing is, and --remove takes it away", async (t) => {
  const { asked, given } = await machine(t, bytes(archive));
  const events = (await run(t, { yes: true, json: true }, given)).trim().split("\n");
  const last: { event?: unknown; folder?: unknown } = JSON.parse(events.at(-1) ?? "");
  assert.deepEqual([last.event, last.folder], ["installed", installedSupport()]);
  assert.ok(installedSupport());
  const before = asked.length;
  assert.match(await run(t, { yes: true }, given), /installed already, in/);
  assert.equal(asked.length, before);
  assert.match(await run(t, { remove: true }, given), /^CUDA support was removed from/);
  assert.equal(existsSync(cudaHome()), false);
  assert.match(await run(t, { remove: true }, given), /^There is no CUDA support in/);
});

test("it is fetched through the proxy that the environment names", async (t) => {
  const { given } = await machine(t, bytes(archive));
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, client) => {
    tunnels.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on("error", () => [client, target].map((end) => end.destroy()));
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  t.after(() => proxy.close());
  for (const name of ["HTTP_PROXY", "NO_PROXY"]) {
    const before = process.env[name];
    t.after(() => (before === undefined ? delete process.env[name] : Object.assign(process.env, { [name]: before })));
  }
  process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  process.env.NO_PROXY = "";
  await run(t, { yes: true }, given);
  assert.ok(installedSupport());
  assert.ok(tunnels.length > 0 && tunnels.every((url) => url === given.provider.sources[0]?.index.host), `${tunnels}`);
});

test("a cancellation is one sentence and leaves nothing", async (t) => {
  const controller = new AbortController();
  const { given } = await machine(
    t,
    half(archive, () => controller.abort()),
  );
  await assert.rejects(
    installCudaCommand({ yes: true, json: true }, { ...given, signal: controller.signal }),
    new InputError("The installation was cancelled; nothing of it is left."),
  );
  assert.equal(existsSync(cudaHome()), false);
});

test("where it would be of no use it is refused before anybody is asked, with the way out", async (t) => {
  const { asked, given } = await machine(t);
  const refused = (changes: Partial<SystemFacts>, options: InstallCudaOptions = {}) =>
    installCudaCommand({ yes: true, json: true, ...options }, { ...given, facts: { ...facts, ...changes } });
  await assert.rejects(
    refused({ platform: "darwin", arch: "arm64" }),
    /^InputError: CUDA support was not installed: .*darwin-arm64; use WebGPU/,
  );
  const missingCuda = [{ name: "libcuda.so.1" }];
  await assert.rejects(
    refused({ nvidia: false, missingCuda }),
    /^InputError: CUDA support was not installed: no NVIDIA driver is loaded; .*--gpus all\.$/,
  );
  assert.deepEqual(asked, []);
  await refused({ nvidia: false, missingCuda }, { withoutDriver: true });
  assert.ok(installedSupport(), "an image may be built where there is no driver");
});
