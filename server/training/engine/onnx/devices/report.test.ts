import assert from "node:assert/strict";
import test from "node:test";
import type { DeviceFinding, DeviceReport } from "../../../../../schemas/devices.ts";
import { chooseDevice } from "./chooseDevice.ts";
import { nvidiaCard } from "./graphicsCards.ts";
import { vulkanDevices } from "./loaderLog.ts";
import { readPlacements } from "./placements.ts";
import { reportOf } from "./report.ts";
import { reportDocument } from "./reportText.ts";
import type { SystemFacts } from "./systemFacts.ts";
import type { TestOutcome } from "./testProcess.ts";

const facts: SystemFacts = {
  platform: "linux",
  arch: "x64",
  musl: false,
  environment: {},
  container: false,
  vulkanLoader: false,
  manifests: [],
  missingManifests: [],
  nvidia: false,
  renderNodes: [],
  closedNodes: [],
  cudaSupport: false,
  missingCuda: [],
};
const measured: DeviceFinding[] = [
  { kind: "stage", name: "opening" },
  { kind: "correct", check: "softmax", error: 1e-7 },
  { kind: "correct", check: "matrix product", error: 3e-7 },
  { kind: "latency", milliseconds: 0.25 },
  { kind: "stage", name: "measuring products" },
  { kind: "f32", gflops: 12345 },
  { kind: "copies", toDevice: 11, fromDevice: 9 },
  { kind: "int4", problem: "" },
  { kind: "float16", problem: "no such numbers" },
  { kind: "graph", operators: { MatMul: 3, Slice: 1 } },
  { kind: "graph", operators: { MatMul: 2, Softmax: 1 } },
];
const log = [
  "[Vulkan Loader] INFO | DRIVER:  linux_read_sorted_physical_devices:",
  "[Vulkan Loader] INFO | DRIVER:       Original order:",
  "[Vulkan Loader] INFO | DRIVER:             [0] llvmpipe (LLVM 15)",
  "[Vulkan Loader] INFO | DRIVER:             [1] NVIDIA GeForce RTX 4090",
  "[Vulkan Loader] INFO | DRIVER:       Sorted order:",
  "[Vulkan Loader] INFO | DRIVER:             [0] llvmpipe (LLVM 15)  ",
  "[Vulkan Loader] INFO | DRIVER:             [1] NVIDIA GeForce RTX 4090  ",
  "2026-11-21 [V:onnxruntime:, session_state.cc:1380 VerifyEachNodeIsAssignedToAnEp]  Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 5",
  "2026-11-21 [V:onnxruntime:, session_state.cc:1385 VerifyEachNodeIsAssignedToAnEp]   MatMul (/a/b:MatMul_1)",
  "2026-11-21 [V:onnxruntime:, session_state.cc:1380 VerifyEachNodeIsAssignedToAnEp]  Node(s) placed on [CPUExecutionProvider]. Number of nodes: 1",
  "2026-11-21 [V:onnxruntime:, session_state.cc:1385 VerifyEachNodeIsAssignedToAnEp]   Slice (Slice_4)",
].join("\n");
const memory = { total: 24 * 2 ** 30, free: 20 * 2 ** 30 };

const report = (findings: DeviceFinding[], rest: Partial<TestOutcome> = {}): DeviceReport =>
  reportOf("webgpu", { findings, log, ...rest }, { facts, card: { memory } });

test("a device that works is reported with all that was measured, and its card before a software driver", () => {
  assert.deepEqual(report([...measured, { kind: "done" }]), {
    device: "webgpu",
    state: "works",
    adapter: "NVIDIA GeForce RTX 4090",
    memory,
    latency: 0.25,
    f32: 12345,
    copies: { toDevice: 11, fromDevice: 9 },
    int4: "",
    float16: "no such numbers",
    error: 3e-7,
    placement: { onDevice: ["MatMul", "Softmax"], nodes: 6, onCpu: { Slice: 1 } },
  });
});

test("a process that dies or hangs is a finding, with the stage it was in", () => {
  const died = report(measured, { died: "was ended by SIGSEGV" });
  assert.equal(died.state, "failed");
  assert.equal(died.problem, "The process that tested the device was ended by SIGSEGV while measuring products.");
  assert.equal(died.f32, 12345);
});

test("a wrong result, a missing adapter and another failure are told apart", () => {
  const wrong = report([{ kind: "wrong", check: "softmax", error: 0.21 }]);
  assert.deepEqual(
    [wrong.state, wrong.problem],
    ["wrong", "The device computes wrongly: its softmax is off by 0.21 of the largest value."],
  );
  const adapter =
    "x.cc:136 Initialize() adapter_result.status was false. Failed to get a WebGPU adapter: No supported adapters\n\n";
  const absent = report([{ kind: "failed", stage: "opening", message: adapter }]);
  assert.equal(absent.state, "absent");
  assert.match(absent.problem ?? "", /libvulkan\.so\.1/);
  const failed = report([
    { kind: "failed", stage: "opening", message: "x.cc:1 f() a == b was false. No such kernel.\nmore" },
  ]);
  assert.deepEqual([failed.state, failed.problem], ["failed", "It failed while opening: No such kernel."]);
  assert.match(report([{ kind: "absent", backends: "cpu" }]).problem ?? "", /no build with WebGPU/);
});

test("logs without what is looked for tell nothing", () => {
  assert.deepEqual(vulkanDevices("[Vulkan Loader] ERROR: nothing\n[0] no loader wrote this"), []);
  assert.equal(readPlacements("anything").counts.size, 0);
  assert.equal(nvidiaCard("Failed to initialize NVML"), undefined);
  assert.deepEqual(nvidiaCard("NVIDIA H200, 143771, 143000\n"), {
    name: "NVIDIA H200",
    memory: { total: 143771 * 2 ** 20, free: 143000 * 2 ** 20 },
  });
});

const cpu: DeviceReport = { device: "cpu", state: "works", f32: 200 };

test("auto takes the graphics card where it is well worth it, and says why in one sentence", () => {
  const card: DeviceReport = { device: "webgpu", state: "works", adapter: "A Card", f32: 12345 };
  assert.deepEqual(chooseDevice([cpu, card]), {
    name: "webgpu",
    why: "WebGPU was chosen: A Card multiplies matrices at 12,300 GFLOP/s, against 200 GFLOP/s on the CPU.",
  });
  assert.equal(chooseDevice([cpu, { ...card, f32: 399 }]).name, "cpu");
  assert.equal(chooseDevice([cpu]).name, "cpu");
});

test("auto takes a card for weights in 4 bits, or for float16, only where it computes with them", () => {
  const card: DeviceReport = { device: "webgpu", state: "works", adapter: "A Card", f32: 12345, int4: "", float16: "" };
  for (const [form, called] of [
    ["int4", "weights in 4 bits"],
    ["float16", "float16"],
  ] as const) {
    assert.equal(chooseDevice([cpu, card], { form }).name, "webgpu");
    assert.equal(chooseDevice([cpu, { ...card, [form]: "no kernel" }]).name, "webgpu");
    assert.deepEqual(chooseDevice([cpu, { ...card, [form]: "no kernel" }], { form }), {
      name: "cpu",
      why: `The CPU was chosen (200 GFLOP/s on the CPU), because WebGPU cannot compute with ${called}: no kernel.`,
    });
    const { [form]: _, ...untested } = card;
    assert.match(chooseDevice([cpu, untested], { form }).why, /: that was not tested\.$/);
  }
});

const slow: DeviceReport = { device: "cpu", state: "works", f32: 200, training: 1000, int4: "" };
const without: DeviceReport = { device: "webgpu", state: "absent", problem: "The Vulkan loader is missing." };
const nvidia: DeviceReport = { device: "cuda", state: "works", adapter: "A Card", f32: 9e4, training: 8000, int4: "" };

test("auto takes CUDA where WebGPU is not to be had, by the rate of whole steps, for runs with an adapter", () => {
  assert.deepEqual(chooseDevice([slow, without, nvidia]), {
    name: "cuda",
    why: "CUDA was chosen, as WebGPU is not to be had or not worth it: A Card trains a small adapter at 8,000 tokens/s by it, against 1,000 on the CPU.",
  });
  assert.equal(chooseDevice([slow, without, nvidia], { form: "int4" }).name, "cuda");
  assert.equal(chooseDevice([slow, without, { ...nvidia, int4: "no kernel" }], { form: "int4" }).name, "cpu");
  const all = chooseDevice([slow, without, nvidia], { allWeights: true });
  assert.equal(all.name, "cpu");
  assert.match(all.why, /The Vulkan loader is missing; CUDA is left to runs with an adapter,.*\.$/);
});

test("auto takes neither a CUDA that is slow or unsound, nor one beside a WebGPU that is worth it", () => {
  const slower = chooseDevice([slow, without, { ...nvidia, training: 1999 }]);
  assert.equal(slower.name, "cpu");
  assert.match(
    slower.why,
    /; nor is CUDA worth it: .* at 2,000 tokens\/s by it, which is not 2 times the 1,000 on the CPU\.$/,
  );
  for (const state of ["wrong", "failed", "absent"] as const)
    assert.equal(chooseDevice([slow, without, { ...nvidia, state }]).name, "cpu");
  const { training: _, ...unmeasured } = nvidia;
  assert.equal(chooseDevice([slow, without, unmeasured]).name, "cpu");
  assert.equal(chooseDevice([slow, { device: "webgpu", state: "works", f32: 500 }, nvidia]).name, "webgpu");
});

test("auto never takes a device that is wrong, in software, or has no rate", () => {
  for (const state of ["software", "wrong", "failed", "absent"] as const) {
    const { name, why } = chooseDevice([cpu, { device: "webgpu", state, f32: 1e6, problem: "It is so." }]);
    assert.equal(name, "cpu");
    assert.match(why, /^The CPU was chosen .*: It is so\.$/);
  }
  assert.equal(chooseDevice([cpu, { device: "webgpu", state: "works" }]).name, "cpu");
});

test("the document is headings and short lines, and says what auto takes", () => {
  const text = reportDocument([cpu, report(measured)], "", chooseDevice([cpu]));
  assert.match(text, /^# Devices of this machine\n\nWith "device": "auto": The CPU was chosen/);
  assert.match(text, /## CPU works\n\n- Matrix products, float32: 200 GFLOP\/s\n/);
  assert.match(text, /- Memory: 24\.0 GiB, 20\.0 GiB free\n/);
  assert.match(text, /- Float16: no: no such numbers\n- Weights in 4 bits: yes\n/);
  assert.match(text, /- Nodes on the CPU: 1 of 6: Slice \(1\)\n- Operators on the device: MatMul, Softmax\n/);
  assert.doesNotMatch(text, /\|/);
});
