import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { allReports, checkDevices } from "./checkDevices.ts";
import { checksFor, relativeError, TOLERANCE } from "./checks.ts";
import { chooseDevice } from "./chooseDevice.ts";
import { runSelfTest } from "./testProcess.ts";

/** A program in place of the self-test. */
function program(t: TestContext, source: string): string {
  const dir = mkdtempSync(join(tmpdir(), "device-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "test.mjs");
  writeFileSync(file, source);
  return file;
}

test("the CPU works, gives right results and has a rate", async () => {
  const [report] = await allReports({ devices: ["cpu"], threads: 2 });
  assert.equal(report?.state, "works", report?.problem);
  assert.ok((report?.f32 ?? 0) > 0 && (report?.error ?? 1) < TOLERANCE);
  assert.ok((report?.memory?.total ?? 0) > 0);
  assert.equal(report?.int4, "", "it computes with weights in 4 bits");
  assert.equal(report?.float16, "", "it computes with weights in float16");
});

test("a WebGPU device gives right results, and its operators are counted", { skip: withoutWebgpu }, async () => {
  const [report] = await allReports({ devices: ["webgpu"], threads: 2 });
  assert.ok(report);
  // The tests' driver computes in software; a machine's own card works.
  assert.ok(report.state === "software" || report.state === "works", report.problem);
  assert.ok(report.error !== undefined && report.error < TOLERANCE);
  assert.ok((report.f32 ?? 0) > 0 && (report.latency ?? 0) > 0 && report.copies);
  assert.equal(report.int4, "", "it computes with weights in 4 bits");
  // A card may have no such numbers, as the tests' driver has none: then they have no rate either.
  assert.equal(report.float16 === "", report.f16 !== undefined, report.float16);
  const { nodes = 0, onDevice = [], onCpu = {} } = report.placement ?? {};
  assert.ok(nodes > 100 && onDevice.length > 20 && onDevice.includes("MatMul"));
  assert.ok(Object.values(onCpu).reduce((sum, count) => sum + count, 0) < 10, JSON.stringify(onCpu));
  if (report.state === "software") assert.equal(chooseDevice([report]).name, "cpu");
});

test("without any Vulkan driver, the one that is missing is named", {
  skip: process.platform !== "linux",
}, async (t) => {
  const before = process.env.VK_DRIVER_FILES;
  t.after(() => {
    if (before === undefined) delete process.env.VK_DRIVER_FILES;
    else process.env.VK_DRIVER_FILES = before;
  });
  process.env.VK_DRIVER_FILES = "/nowhere/icd.json";
  const [report] = await allReports({ devices: ["webgpu"], threads: 1 });
  assert.equal(report?.state, "absent");
  assert.match(
    report?.problem ?? "",
    /VK_DRIVER_FILES names .*\/nowhere\/icd\.json|libvulkan\.so\.1|no build with WebGPU/,
  );
});

test("a process that crashes is a finding", async (t) => {
  const crash = program(
    t,
    `process.send({ kind: "stage", name: "opening" }, () => process.kill(process.pid, "SIGSEGV"));`,
  );
  const { findings, died } = await runSelfTest("webgpu", { threads: 1, program: crash });
  assert.equal(died, "was ended by SIGSEGV");
  assert.deepEqual(findings, [{ kind: "stage", name: "opening" }]);
});

test("a process that hangs is ended", async (t) => {
  const hang = program(t, "setInterval(() => {}, 1000); process.send({ kind: 'invented' });");
  const { findings, died } = await runSelfTest("webgpu", { threads: 1, program: hang, silence: 500 });
  assert.match(died ?? "", /^said nothing for/);
  assert.deepEqual(findings, []);
});

test("a test that is cancelled leaves no process and rejects", async (t) => {
  const hang = program(t, "setInterval(() => {}, 1000); process.send({ kind: 'stage', name: 'opening' });");
  const controller = new AbortController();
  const checking = checkDevices({
    devices: ["webgpu"],
    program: hang,
    signal: controller.signal,
    progress: () => controller.abort(),
  });
  await assert.rejects(checking.next(), { name: "AbortError" });
});

test("checks can fail: a lost addition, a transposed product and no number at all are seen", () => {
  for (const { name, expected } of checksFor("cpu")) {
    const right = Float32Array.from(expected);
    assert.ok(relativeError(right, expected) < 1e-6, name);
    const lost = right.slice();
    lost[3] = (lost[3] ?? 0) * 0.99;
    lost[0] = (lost[0] ?? 0) + 0.01 * Math.max(...expected.map(Math.abs));
    assert.ok(relativeError(lost, expected) > TOLERANCE, name);
    assert.equal(relativeError(right.fill(Number.NaN, 2, 3), expected), Number.POSITIVE_INFINITY);
    assert.equal(relativeError(new Float32Array(1), expected), Number.POSITIVE_INFINITY);
  }
});
