import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { english } from "../l10n.ts";
import type { RunDetails, RunStatus } from "../status/runStatus.ts";
import { exportFolder, formatsOf } from "./exportChoices.ts";

const details: RunDetails = {
  experimentFile: "/w/experiment.json",
  preset: "grpo",
  device: "cpu",
  threads: 1,
  created: "2026-11-20T14:05:09.000Z",
  step: 3,
  steps: 6,
};
const run: RunStatus = { folder: "/w/runs/a", id: "20261120-140509-toy", name: "toy", phase: "stopped", details };

test("an adapter alone is offered where the run trains one, and nothing is offered twice", () => {
  const formats = (of: RunStatus) => formatsOf(of, english).map(({ as, dtype }) => `${as} ${dtype}`);
  assert.deepEqual(formats(run), ["safetensors f32", "safetensors bf16", "onnx f32"]);
  const adapted = { ...run, details: { ...details, adapter: true } };
  assert.deepEqual(formats(adapted), ["safetensors f32", "safetensors bf16", "adapter f32", "onnx f32"]);
  assert.match(formatsOf(adapted, english)[0]?.detail ?? "", /adapter merged into it/);
  assert.doesNotMatch(formatsOf(run, english)[0]?.detail ?? "", /adapter/);
});

test("the folder is called after run and format, and never one that is there", () => {
  const taken = new Set<string>();
  const folder = (as: "safetensors" | "onnx", dtype: "f32" | "bf16") =>
    exportFolder("/out", run, { as, dtype }, (path) => taken.has(path));
  assert.equal(folder("safetensors", "bf16"), join("/out", `${run.id}-bf16`));
  assert.equal(folder("onnx", "f32"), join("/out", `${run.id}-onnx`));
  taken.add(folder("onnx", "f32"));
  taken.add(folder("onnx", "f32"));
  assert.equal(taken.size, 2);
  assert.equal(folder("onnx", "f32"), join("/out", `${run.id}-onnx-3`));
});
