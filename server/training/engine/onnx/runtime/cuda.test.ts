/** The engine on CUDA, as far as that can be known without a card: with the CPU's kernels in the provider's place. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { InferenceSession } from "onnxruntime-node";
import type { DeviceFinding } from "../../../../../schemas/devices.ts";
import { InputError } from "../../../../../schemas/problem.ts";
import type { Completion } from "../../policyEngine.ts";
import { runtimeLibraries } from "../cuda/runtimePackage.ts";
import { CUDA_PROVIDER, installedSupport, supportFolder } from "../cuda/supportFolder.ts";
import { reportOf } from "../devices/report.ts";
import { selfTest } from "../devices/selfTest.ts";
import { NVIDIA_CONTAINER } from "../devices/testing/nvidiaContainer.ts";
import { runSelfTest } from "../devices/testProcess.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { groupsOf, open, requestOf, weightsOf } from "../testing/twoDevices.ts";
import { openDevice } from "./device.ts";
import { runtimeVersion } from "./version.ts";

const skip = `${process.platform}-${process.arch}` !== "linux-x64" && "the runtime has CUDA on Linux x64 alone";

/** Sessions of CUDA become the CPU's. @returns what was asked of each */
function withCpuKernels(t: TestContext): InferenceSession.SessionOptions[] {
  const asked: InferenceSession.SessionOptions[] = [];
  const create = InferenceSession.create.bind(InferenceSession);
  t.mock.method(InferenceSession, "create", (model: Uint8Array, options: InferenceSession.SessionOptions) => {
    asked.push(options);
    return create(model, { ...options, executionProviders: ["cpu"] });
  });
  return asked;
}

async function drawn(engine: Awaited<ReturnType<typeof open>>, model: string): Promise<Completion[]> {
  const prompts = groupsOf(model).map(({ prompt }, sample) => ({ tokens: prompt, key: { seed: 3, step: 1, sample } }));
  const completions: Completion[] = [];
  for await (const completion of engine.generate(prompts, 3, { temperature: 0.8, maxNewTokens: 4 }))
    completions.push(completion);
  return completions.sort((a, b) => a.prompt - b.prompt || a.rollout - b.rollout);
}

for (const model of ["tied", "lora"]) {
  test(`${model}: sampling, scoring and updates on CUDA are the CPU's, by another provider`, { skip }, async (t) => {
    const cpu = await open(model, "cpu");
    const expected = {
      drawn: await drawn(cpu, model),
      update: await cpu.update(requestOf(model)),
      weights: await weightsOf(cpu),
    };
    const again = await drawn(cpu, model);
    await cpu.dispose();
    const asked = withCpuKernels(t);
    const cuda = await open(model, "cuda");
    assert.deepEqual([cuda.info.device, cuda.info.bitwiseReproducible], ["cuda", false]);
    const found = {
      drawn: await drawn(cuda, model),
      update: await cuda.update(requestOf(model)),
      weights: await weightsOf(cuda),
    };
    assert.deepEqual(
      found.drawn.map(({ tokens }) => tokens),
      expected.drawn.map(({ tokens }) => tokens),
    );
    assert.ok(Math.abs(found.update.loss - expected.update.loss) < 1e-5);
    for (const [name, values] of expected.weights)
      assert.ok(largestDifference(found.weights.get(name) as Float32Array, values) < 1e-5, name);
    // What an update has changed is fed to the next step, not kept on the card as it was.
    assert.deepEqual(
      (await drawn(cuda, model)).map(({ tokens }) => tokens),
      again.map(({ tokens }) => tokens),
    );
    await cuda.dispose();
    assert.ok(asked.length >= 4);
    // The first is the device's check. Frozen weights lie beside the model, and are no more than once in it.
    const beside = asked.slice(1).map(({ externalData = [] }) => externalData.length);
    assert.ok(
      beside.every((count) => (model === "lora" ? count > 10 : count === 0)),
      `${beside}`,
    );
    for (const { executionProviders, preferredOutputLocation } of asked) {
      assert.deepEqual(executionProviders, ["cuda"]);
      assert.ok(Object.values(preferredOutputLocation ?? {}).every((location) => location === "cpu"));
    }
  });
}

test("the self-test of CUDA asks for operators, a policy's update and sampling, rates of both, blocks and float16", {
  skip,
}, async (t) => {
  withCpuKernels(t);
  const findings: DeviceFinding[] = [];
  await selfTest("cuda", 2, (finding) => findings.push(finding));
  const stages = findings.flatMap((finding) => (finding.kind === "stage" ? [finding.name] : []));
  assert.deepEqual(stages, [
    "opening",
    "checking results",
    "comparing a policy with the CPU's",
    "measuring products",
    "measuring copies",
    "placing operators",
    "training a small adapter",
    "trying weights in 4 bits",
    "trying float16",
    "measuring half precision",
  ]);
  const report = reportOf("cuda", { findings, log: "" }, { facts: NVIDIA_CONTAINER, card: { name: "A Card" } });
  assert.equal(report.state, "works", report.problem);
  assert.ok((report.training ?? 0) > 0 && (report.f32 ?? 0) > 0 && report.copies);
  assert.deepEqual([report.int4, report.float16], ["", ""]);
  assert.ok(findings.some((finding) => finding.kind === "correct" && finding.check.includes("gradient")));
  assert.ok(findings.some((finding) => finding.kind === "graph" && finding.operators.FusedMatMul));
});

test("without the provider the device is refused in one sentence that names what is missing", { skip }, async (t) => {
  if (installedSupport() !== undefined) return t.skip("CUDA support is installed here");
  await assert.rejects(openDevice("cuda", 1), (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(
      error.message,
      /^The device "cuda" cannot be used: (no NVIDIA driver|NVIDIA's driver|CUDA support is not).*"device": "cpu"/,
    );
    return true;
  });
});

test("a process that computes with CUDA takes the runtime from the support's folder", { skip }, async (t) => {
  const home = mkdtempSync(join(tmpdir(), "cuda-"));
  const before = process.env.XDG_DATA_HOME;
  t.after(() => {
    if (before === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = before;
    rmSync(home, { recursive: true });
  });
  process.env.XDG_DATA_HOME = home;
  const folder = supportFolder();
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(runtimeLibraries(), "libonnxruntime.so.1"), join(folder, "libonnxruntime.so.1"));
  for (const name of [CUDA_PROVIDER, "libonnxruntime_providers_shared.so"])
    writeFileSync(join(folder, name), "no library");
  const files = Object.fromEntries(
    ["libonnxruntime.so.1", CUDA_PROVIDER].map((name) => [name, statSync(join(folder, name)).size]),
  );
  const record = { runtime: runtimeVersion, package: "a package", version: runtimeVersion, files };
  writeFileSync(join(folder, "support.json"), JSON.stringify(record));
  const { findings, log, died } = await runSelfTest("cuda", { threads: 1 });
  assert.equal(died, undefined);
  assert.equal(findings.at(-1)?.kind, "failed");
  assert.ok(log.includes(`Failed to load library ${folder}/libonnxruntime_providers_shared.so`), log);
});
