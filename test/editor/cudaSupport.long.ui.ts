/** Install CUDA Support in the packaged extension, from a feed on this machine: asked first, cancelled without a trace, then installed. */
import assert from "node:assert/strict";
import { existsSync, globSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import type { ProviderPackage } from "../../server/training/engine/onnx/cuda/providerPackage.ts";
import { cudaHome, installedSupport } from "../../server/training/engine/onnx/cuda/supportFolder.ts";
import {
  type Answer,
  bytes,
  half,
  localFeed,
  PATHS,
} from "../../server/training/engine/onnx/cuda/testing/localFeed.ts";
import { zipArchive } from "../../server/training/engine/onnx/cuda/testing/zipArchive.ts";
import { editorTests } from "./support/fixture.ts";
import { until } from "./support/until.ts";

const machine = mkdtempSync(path.join(tmpdir(), "toolexpander-cuda-"));
after(() => rmSync(machine, { recursive: true, force: true }));
/** Where the linker looks, a driver is found by its name. */
writeFileSync(path.join(machine, "libcuda.so.1"), "");
const uiTest = editorTests({ environment: { LD_LIBRARY_PATH: machine } });
const archive = zipArchive(Object.fromEntries(Object.values(PATHS).map((file) => [file, Buffer.from(file)])));

/** What the installer of onnxruntime-node would know of such a provider. */
function metadataOf({ name, sources, files }: ProviderPackage): string {
  const manifest = Object.fromEntries(files.map((file) => [`./${file.name}`, { package: "p", path: file.path }]));
  const [source] = sources;
  return `module.exports = ${JSON.stringify({
    requirements: { "linux/x64": ["cuda1"] },
    manifests: { "linux/x64:cuda1": manifest },
    packages: { p: { name, versions: [{ feed: "f", version: source?.version }] } },
    feeds: { f: { type: "nuget", index: source?.index.href } },
  })};`;
}

if (`${process.platform}-${process.arch}` === "linux-x64") {
  uiTest(
    "CUDA support is fetched after a yes alone, and a cancellation leaves nothing",
    async ({ t, open, folder }) => {
      let answer: Answer = half(archive, () => {});
      const { provider, asked } = await localFeed(t, (request, response) => answer(request, response));
      const [metadata] = globSync("**/onnxruntime-node/script/install-metadata.js", { cwd: path.dirname(folder) });
      assert.ok(metadata, "the package has the installer's metadata");
      writeFileSync(path.join(path.dirname(folder), metadata), metadataOf(provider));
      const environment = { XDG_DATA_HOME: path.join(path.dirname(folder), "home", ".local", "share") };
      const home = cudaHome(environment);
      const window = await open();
      const begin = async (): Promise<void> => {
        await window.run("ToolExpander: Install CUDA Support");
        await window.dialog.getByText(/Some\.Runtime\.Gpu 7\.1\.0/).waitFor();
      };

      await begin();
      assert.match(
        await window.dialog.innerText(),
        /about \d+ MB[\s\S]*toolexpander\/cuda[\s\S]*cuRAND \(libcurand\.so\)/,
      );
      await window.dialog.getByRole("button", { name: "Cancel" }).click();
      await window.dialog.waitFor({ state: "hidden" });
      assert.deepEqual(asked, []);
      assert.equal(existsSync(home), false);

      await begin();
      await window.dialog.getByRole("button", { name: "Install" }).click();
      const progress = window.notification(/Installing CUDA support/).first();
      await progress.getByText(/have come/).waitFor();
      assert.equal(readdirSync(home).length, 1, "what has come lies aside");
      await progress.getByRole("button", { name: "Cancel" }).click();
      await until("nothing is left", 30_000, () => !existsSync(home));

      answer = bytes(archive);
      await begin();
      await window.dialog.getByRole("button", { name: "Install" }).click();
      await window
        .notification(/CUDA support is in .*Check Devices tests whether it works/)
        .first()
        .waitFor();
      assert.ok(installedSupport(environment));
      await window.run("Notifications: Clear All Notifications");
      await window.run("ToolExpander: Install CUDA Support");
      const installed = window.notification(/CUDA support is installed already/).first();
      await installed.getByRole("button", { name: "Remove" }).click();
      await window
        .notification(/CUDA support was removed/)
        .first()
        .waitFor();
      assert.equal(existsSync(home), false);
    },
  );
}
