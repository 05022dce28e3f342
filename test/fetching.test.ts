/** Nothing leaves or enters this machine unless somebody has asked for it. */
import assert from "node:assert/strict";
import test from "node:test";
import { filesWith, textOf } from "./sources.ts";

const product = filesWith("ts", "tsx").filter(
  (file) => /^(schemas|server|extension|webview)\//.test(file) && !/\.test\.ts$|\/testing\//.test(file),
);
const filesThat = (pattern: RegExp): string[] => product.filter((file) => pattern.test(textOf(file)));

test("one module fetches, and the installation of CUDA support alone asks it to", () => {
  const cuda = "server/training/engine/onnx/cuda";
  assert.deepEqual(filesThat(/\bfetch\(|globalThis\.fetch|\bXMLHttpRequest\b|\b(get|request)\("https?:/), [
    `${cuda}/requests.ts`,
  ]);
  const asking = filesThat(/from "[\w./-]*\/requests\.ts"/);
  assert.deepEqual(
    asking.filter((file) => !file.startsWith("webview/")),
    [`server/cli/installCuda.ts`, `${cuda}/download.ts`, `${cuda}/feed.ts`, `${cuda}/installSupport.ts`],
  );
});

test("that is begun by a person: by the command line's verb, or the editor's command after a yes", () => {
  assert.deepEqual(filesThat(/\binstallSupport\(/), [
    "extension/cudaSupport/cudaSupport.ts",
    "server/cli/installCuda.ts",
    "server/training/engine/onnx/cuda/installSupport.ts",
  ]);
  assert.deepEqual(filesThat(/\bofferCudaSupport\(/), [
    "extension/commands/installCudaSupport.ts",
    "extension/cudaSupport/cudaSupport.ts",
  ]);
});
