import assert from "node:assert/strict";
import test from "node:test";
import { runtimeVersion } from "../runtime/version.ts";
import { unresolvedIn } from "./linkedLibraries.ts";
import { packageIn, providerPackage } from "./providerPackage.ts";
import { runtimePackage } from "./runtimePackage.ts";

test("the package that is installed says who has its provider, for Linux on x64 alone", () => {
  const folder = runtimePackage();
  assert.ok(folder);
  const found = providerPackage(folder, { platform: "linux", arch: "x64" });
  assert.deepEqual(found?.files.map(({ name }) => name).sort(), [
    "libonnxruntime_providers_cuda.so",
    "libonnxruntime_providers_shared.so",
  ]);
  assert.ok(found.sources.length > 0);
  for (const { version, index } of found.sources) {
    assert.equal(version, runtimeVersion, "neither works with another version of the other");
    assert.equal(index.protocol, "https:");
  }
  assert.equal(providerPackage(folder, { platform: "win32", arch: "x64" }), undefined);
  assert.equal(providerPackage(folder, { platform: "linux", arch: "arm64" }), undefined);
});

test("metadata of another form is a defect that is said, not a guess", () => {
  const system = { platform: "linux", arch: "x64" } as const;
  assert.throws(() => packageIn({ requirements: [] }, system), /in a new way/);
  const manifests = { "linux/x64:cuda14": { "libonnxruntime_providers_cuda.so": { package: "p", path: "a/b" } } };
  const metadata = { requirements: { "linux/x64": ["cuda14"] }, manifests, packages: {}, feeds: {} };
  assert.throws(() => packageIn(metadata, system), /no source/);
});

test("what the linker does not find is read from its list", () => {
  const list = [
    "\tlinux-vdso.so.1 (0x00007f38e233f000)",
    "\tlibcublasLt.so.13 => not found",
    "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f38e223d000)",
    "\tlibcuda.so.1 => not found",
  ].join("\n");
  assert.deepEqual(unresolvedIn(list), ["libcublasLt.so.13", "libcuda.so.1"]);
  assert.deepEqual(unresolvedIn("\tnot a dynamic executable"), []);
});
