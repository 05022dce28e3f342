import assert from "node:assert/strict";
import test from "node:test";
import type { InstallPlan } from "../../server/training/engine/onnx/cuda/installPlan.ts";
import { english } from "../l10n.ts";
import { planText, progressText } from "./planText.ts";

const plan: InstallPlan = {
  provider: { name: "Some.Runtime", sources: [], files: [] },
  what: "Some.Runtime 7.1.0",
  from: "packages.test",
  folder: "/data/toolexpander/cuda/7.1.0",
  installed: false,
  missing: ["cuRAND (libcurand.so)", "cuBLAS (libcublas.so)"],
};

test("what, from whom, how much, where to and what else is needed are said before the yes", () => {
  const text = planText(plan, english);
  assert.match(text, /^To fetch: Some\.Runtime 7\.1\.0, from packages\.test, about \d+ MB\.$/m);
  assert.match(text, /^To keep: \/data\/toolexpander\/cuda\/7\.1\.0, about \d+ MB\.$/m);
  assert.match(text, /not found: cuRAND \(libcurand\.so\), cuBLAS \(libcublas\.so\)\./);
  assert.match(planText({ ...plan, missing: [] }, english), /in the version that the provider wants/);
});

test("bytes are told with their sum where the server tells it", () => {
  assert.equal(progressText(75e6, 250e6, english), "75 MB of 250 MB have come");
  assert.equal(progressText(75e6, undefined, english), "75 MB have come");
});
