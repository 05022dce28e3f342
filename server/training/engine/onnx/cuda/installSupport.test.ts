import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { runtimeVersion } from "../runtime/version.ts";
import { type Installation, installSupport, removeSupport } from "./installSupport.ts";
import { librariesIn } from "./librariesIn.ts";
import { cudaEnvironment, cudaHome, installedSupport, supportFolder } from "./supportFolder.ts";
import { bytes, half, json, localFeed, PACKAGE, PATHS, VERSION } from "./testing/localFeed.ts";
import { zipArchive } from "./testing/zipArchive.ts";

const system = { platform: "linux", arch: "x64" } as const;
const [cuda, shared] = [randomBytes(300_000), Buffer.alloc(40_000, "shared")];
const content = (): Record<string, Buffer> => ({
  "package.nuspec": Buffer.from("<package/>"),
  [PATHS["libonnxruntime_providers_cuda.so"]]: cuda,
  [PATHS["libonnxruntime_providers_shared.so"]]: shared,
});
const archive = zipArchive(content());

/** A user's folder and a package of the runtime, both the test's own. */
function place(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), "cuda-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const runtime = join(dir, "onnxruntime-node");
  const libraries = librariesIn(runtime, system);
  mkdirSync(libraries, { recursive: true });
  writeFileSync(join(libraries, "libonnxruntime.so.1"), "the runtime");
  writeFileSync(join(libraries, "onnxruntime_binding.node"), "the binding");
  const environment = { XDG_DATA_HOME: join(dir, "data") };
  return { environment, installation: { runtime, system, environment } satisfies Installation };
}

const leftIn = (environment: { XDG_DATA_HOME: string }): string[] =>
  existsSync(cudaHome(environment)) ? readdirSync(cudaHome(environment)) : [];

test("the provider and the runtime's library come to lie side by side, with bytes told on the way", async (t) => {
  const { environment, installation } = place(t);
  const { provider, asked } = await localFeed(t, archive);
  const told: [number, number | undefined][] = [];
  const received: Installation["received"] = (...numbers) => void told.push(numbers);
  const installed = await installSupport(provider, { ...installation, received });
  const folder = supportFolder(environment);
  assert.deepEqual(installed, { folder, version: VERSION, bytes: cuda.length + shared.length + 11 });
  assert.deepEqual(readdirSync(folder).sort(), [
    "libonnxruntime.so.1",
    "libonnxruntime_providers_cuda.so",
    "libonnxruntime_providers_shared.so",
    "support.json",
  ]);
  assert.deepEqual(readFileSync(join(folder, "libonnxruntime_providers_cuda.so")), cuda);
  assert.equal(installedSupport(environment), folder);
  assert.deepEqual(leftIn(environment), [runtimeVersion], "nothing else is left");
  assert.deepEqual(told.at(-1), [archive.length, archive.length]);
  assert.equal(asked.length, 3);
});

test("a support whose library was cut off later, or that is of another version, is none", async (t) => {
  const { environment, installation } = place(t);
  const { provider } = await localFeed(t, archive);
  const { folder } = await installSupport(provider, installation);
  truncateSync(join(folder, "libonnxruntime_providers_cuda.so"), 1000);
  assert.equal(installedSupport(environment), undefined);
  assert.equal("LD_LIBRARY_PATH" in cudaEnvironment(environment), false);
  await installSupport(provider, installation);
  assert.equal(installedSupport(environment), folder, "installing again mends it");
  const record = join(folder, "support.json");
  writeFileSync(record, readFileSync(record, "utf8").replace(runtimeVersion, "0.0.1"));
  assert.equal(installedSupport(environment), undefined);
});

test("the linker is pointed to the support before all else, and products are float32's", async (t) => {
  const { environment, installation } = place(t);
  const { folder } = await installSupport((await localFeed(t, archive)).provider, installation);
  assert.deepEqual(cudaEnvironment({ ...environment, LD_LIBRARY_PATH: "/opt/cuda" }), {
    ...environment,
    LD_LIBRARY_PATH: `${folder}:/opt/cuda`,
    NVIDIA_TF32_OVERRIDE: "0",
  });
  assert.equal(cudaEnvironment({ ...environment, NVIDIA_TF32_OVERRIDE: "1" }).NVIDIA_TF32_OVERRIDE, "1");
  assert.equal(cudaEnvironment(environment).LD_LIBRARY_PATH, folder);
});

const badlySummed = zipArchive(content(), () => 1);
const nowhere = "http://127.0.0.1:9/index.json";
const damagedDeflate = Buffer.from(archive);
damagedDeflate.fill(0xff, 2000, 4000);

const FAULTS: [string, Parameters<typeof localFeed>[1], RegExp, Parameters<typeof localFeed>[2]?][] = [
  [
    "a package that is not there",
    (_, response) => response.writeHead(404).end(),
    /^127\.0\.0\.1:\d+ has nothing at \/flat\/.* \(404\); try again later/,
  ],
  ["a feed in trouble", (_, response) => response.writeHead(503).end(), /^127\.0\.0\.1:\d+ answered with status 503;/],
  [
    "a package that the disk has no room for",
    (_, response) => response.writeHead(200, { "content-length": 8e18 }).write("PK"),
    /has room for .*, and CUDA support needs \d+ TB more there; free some, or name another folder with XDG_DATA_HOME\.$/,
  ],
  [
    "a proxy that wants a password",
    (_, response) => response.writeHead(407).end(),
    /cannot be reached \(a proxy may ask for a name and a password\): .*HTTPS_PROXY/,
  ],
  [
    "a connection that is cut",
    half(archive, (response) => response.destroy()),
    /^The connection to 127\.0\.0\.1:\d+ broke off; try again\.$/,
  ],
  [
    "an archive without its end",
    bytes(archive.subarray(0, archive.length / 2)),
    /^The package came damaged \(.*\); try again\.$/,
  ],
  ["an archive of other bytes", bytes(damagedDeflate), /^The package came damaged \(.*\); try again\.$/],
  [
    "a checksum that does not fit",
    bytes(badlySummed),
    /^The package came damaged \(the checksum of runtimes\/native\/\S+ does not fit\); try again\.$/,
  ],
  [
    "a package without the provider",
    bytes(zipArchive({ "package.nuspec": Buffer.from("<package/>") })),
    /^The package has no runtimes\/native\/libonnxruntime_providers_cuda\.so:/,
  ],
  [
    "a portal's page in the feed's place",
    bytes(archive),
    /did not answer as a package feed does/,
    { "/index.json": (_, response) => response.writeHead(200).end("<html>Log in</html>") },
  ],
  [
    "an index of another form",
    bytes(archive),
    /did not answer as a package feed does/,
    { "/index.json": json({ resources: [] }) },
  ],
  [
    "a feed without the version",
    bytes(archive),
    /^There is no Some\.Runtime\.Gpu 7\.1\.0 at 127\.0\.0\.1:\d+:/,
    { [`/flat/${PACKAGE.toLowerCase()}/index.json`]: json({ versions: ["7.0.0"] }) },
  ],
  [
    "a package that is handed on to another machine's open address",
    (_, response) => response.writeHead(302, { location: "ftp://packages.test/a" }).end(),
    /^127\.0\.0\.1:\d+ cannot be reached \(.*\):/,
  ],
  [
    "a package at an open address",
    bytes(archive),
    /^http:\/\/packages\.test\/\S* is no https address; nothing is fetched from it\.$/,
    {
      "/index.json": json({ resources: [{ "@id": "http://packages.test/flat", "@type": "PackageBaseAddress/3.0.0" }] }),
    },
  ],
];

for (const [name, answer, sentence, others] of FAULTS) {
  test(`${name} is one sentence, and nothing of it is left`, async (t) => {
    const { environment, installation } = place(t);
    const { provider } = await localFeed(t, answer, others);
    await assert.rejects(installSupport(provider, installation), (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.match(error.message, sentence);
      return true;
    });
    assert.deepEqual(leftIn(environment), []);
  });
}

test("without a network the host is named, and what may be in the way", async (t) => {
  const { environment, installation } = place(t);
  const { provider } = await localFeed(t, archive);
  const offline = { ...provider, sources: [{ version: VERSION, index: new URL(nowhere) }] };
  await assert.rejects(
    installSupport(offline, installation),
    /^InputError: 127\.0\.0\.1:9 cannot be reached \(.+\): check the network;/,
  );
  assert.deepEqual(leftIn(environment), []);
});

test("a server that falls silent is given up", async (t) => {
  const { environment, installation } = place(t);
  const { provider } = await localFeed(
    t,
    half(archive, () => {}),
  );
  await assert.rejects(installSupport(provider, { ...installation, silence: 200 }), /has sent nothing for too long/);
  assert.deepEqual(leftIn(environment), []);
});

test("a slow server is waited for as long as bytes come", async (t) => {
  const { installation } = place(t);
  const { provider } = await localFeed(t, (_, response) => {
    response.writeHead(200);
    let at = 0;
    const timer = setInterval(() => {
      if (at >= archive.length) return void response.end(() => clearInterval(timer));
      response.write(archive.subarray(at, at + 40_000));
      at += 40_000;
    }, 20);
    response.once("close", () => clearInterval(timer));
  });
  const totals = new Set<number | undefined>();
  const received: Installation["received"] = (_, total) => void totals.add(total);
  await installSupport(provider, { ...installation, silence: 20_000, received });
  assert.deepEqual([...totals], [undefined], "the server did not say how much it is");
});

for (const when of ["while bytes come", "before anything is asked", "while it is unpacked"] as const) {
  test(`a cancellation ${when} leaves nothing`, async (t) => {
    const { environment, installation } = place(t);
    const controller = new AbortController();
    const { provider, asked } = await localFeed(t, when === "while bytes come" ? half(archive, () => {}) : archive);
    if (when === "before anything is asked") controller.abort();
    await assert.rejects(
      installSupport(provider, {
        ...installation,
        signal: controller.signal,
        received: () => when === "while bytes come" && controller.abort(),
        unpacking: () => controller.abort(),
      }),
      { name: "AbortError" },
    );
    assert.deepEqual(leftIn(environment), []);
    assert.equal(asked.length, when === "before anything is asked" ? 0 : 3);
  });
}

test("what was installed is kept where an attempt to install it again fails", async (t) => {
  const { environment, installation } = place(t);
  const { folder } = await installSupport((await localFeed(t, archive)).provider, installation);
  const { provider } = await localFeed(t, bytes(badlySummed));
  await assert.rejects(installSupport(provider, installation), /came damaged/);
  assert.equal(installedSupport(environment), folder);
});

test("a folder that is a file is named", async (t) => {
  const { environment, installation } = place(t);
  writeFileSync(environment.XDG_DATA_HOME, "");
  const { provider, asked } = await localFeed(t, archive);
  await assert.rejects(
    installSupport(provider, installation),
    /^InputError: .*toolexpander\/cuda cannot be made \(ENOTDIR\);/,
  );
  assert.deepEqual(asked, []);
});

test("a folder that may not be written is named", {
  skip: process.getuid?.() === 0 && "root may write anywhere",
}, async (t) => {
  const { environment, installation } = place(t);
  mkdirSync(environment.XDG_DATA_HOME, { mode: 0o500 });
  const { provider } = await localFeed(t, archive);
  await assert.rejects(installSupport(provider, installation), /may not be written; nothing was installed/);
});

test("removing frees everything, staging folders that were left included, and says so once", async (t) => {
  const { environment, installation } = place(t);
  await installSupport((await localFeed(t, archive)).provider, installation);
  mkdirSync(join(cudaHome(environment), ".staging-left"));
  assert.ok(((await removeSupport(environment)) ?? 0) > cuda.length);
  assert.equal(existsSync(cudaHome(environment)), false);
  assert.equal(await removeSupport(environment), undefined);
});
