/** Nothing leaves or enters this machine unless somebody has asked for it. */
import assert from "node:assert/strict";
import test from "node:test";
import { filesWith, textOf } from "./sources.ts";

const product = filesWith("ts", "tsx").filter(
  (file) => /^(schemas|server|extension|webview)\//.test(file) && !/\.test\.ts$|\/testing\//.test(file),
);
const filesThat = (pattern: RegExp): string[] => product.filter((file) => pattern.test(textOf(file)));

const cuda = "server/training/engine/onnx/cuda";
const judges = "server/training/spark/judges";

test("two modules fetch: for the installation of CUDA support, and for a judge that is an endpoint", () => {
  assert.deepEqual(filesThat(/\bfetch\(|globalThis\.fetch|\bXMLHttpRequest\b|\b(get|request)\("https?:/), [
    `${cuda}/requests.ts`,
    `${judges}/endpoint/exchange.ts`,
  ]);
});

test("the installation of CUDA support alone asks the first", () => {
  const asking = filesThat(/from "[\w./-]*\/requests\.ts"/);
  assert.deepEqual(
    asking.filter((file) => !file.startsWith("webview/")),
    [`server/cli/installCuda.ts`, `${cuda}/download.ts`, `${cuda}/feed.ts`, `${cuda}/installSupport.ts`],
  );
});

test("what generates trajectories alone asks the second, for the command line and for the editor", () => {
  const importers = (module: string): string[] => filesThat(new RegExp(`from "[\\w./-]*/${module}\\.ts"`));
  assert.deepEqual(importers("exchange"), [`${judges}/endpoint/endpointModel.ts`]);
  assert.deepEqual(importers("endpointModel"), [`${judges}/openJudge.ts`]);
  assert.deepEqual(importers("openJudge"), [`${judges}/actionJudge.ts`]);
  assert.deepEqual(importers("actionJudge"), ["server/training/spark/generateFile.ts"]);
  assert.deepEqual(importers("generateFile"), ["extension/generating/process/main.ts", "server/cli/generate.ts"]);
});

test("CUDA support is installed where a person begins it: by the command line's verb, or the editor's command after a yes", () => {
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
