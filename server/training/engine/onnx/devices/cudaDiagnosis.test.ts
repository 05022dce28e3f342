import assert from "node:assert/strict";
import test from "node:test";
import { cudaFailure, cudaMissing } from "./cudaDiagnosis.ts";
import { reportOf } from "./report.ts";
import type { SystemFacts } from "./systemFacts.ts";
import { NVIDIA_CONTAINER } from "./testing/nvidiaContainer.ts";

const noDriver = [{ name: "libcuda.so.1" }, { name: "libcublas.so.13" }];

const CASES: [string, Partial<SystemFacts>, string, RegExp, RegExp][] = [
  ["another system", { platform: "win32" }, "system", /linux-x64 alone, and this is win32-x64/, /WebGPU/],
  ["no driver", { nvidia: false, missingCuda: noDriver }, "driver", /^No NVIDIA driver is loaded\.$/, /--gpus all/],
  [
    "a container without it",
    { missingCuda: noDriver },
    "driver",
    /loaded, but its library libcuda\.so\.1/,
    /--gpus all/,
  ],
  [
    "no support",
    { cudaSupport: false, missingCuda: [{ name: "libcurand.so" }] },
    "support",
    /^CUDA support is not installed\.$/,
    /"Install CUDA Support" \(toolexpander install-cuda\).* not found: cuRAND \(libcurand\.so\)\.$/,
  ],
  [
    "libraries of another version",
    { missingCuda: [{ name: "libcublas.so.13", instead: "libcublas.so.12" }, { name: "libnew.so.1" }] },
    "libraries",
    /^CUDA lacks cuBLAS \(libcublas\.so\.13; libcublas\.so\.12 is another version\), libnew\.so\.1\.$/,
    /LD_LIBRARY_PATH/,
  ],
];

for (const [name, facts, lacks, problem, remedy] of CASES) {
  test(`CUDA: ${name} is named, with the way out`, () => {
    const gap = cudaMissing({ ...NVIDIA_CONTAINER, ...facts });
    assert.equal(gap?.lacks, lacks);
    assert.match(gap.problem, problem);
    assert.match(gap.remedy, remedy);
  });
}

test("with everything there nothing is missing, whether the kernel's module is to be seen or not", () => {
  assert.equal(cudaMissing(NVIDIA_CONTAINER), undefined);
  assert.equal(cudaMissing({ ...NVIDIA_CONTAINER, nvidia: false }), undefined);
});

/** As the runtime says it, shortened in the middle. */
const INSUFFICIENT =
  "/src/cuda_call.cc:154 std::conditional_t<THRW, void, Status> onnxruntime::CudaCall(ERRTYPE, const char*) " +
  "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=a ; line=352 ; expr=cudaSetDevice(info_.device_id); \n\n";
const UNLOADED =
  "\u001b[1;31m2026-11-22 [E:onnxruntime:, provider_bridge_ort.cc:2146 Create] provider_bridge_ort.cc:1988 ProviderLibrary::Get() : 1 : FAIL : " +
  "Failed to load library /opt/cuda/libonnxruntime_providers_cuda.so with error: /lib/libm.so.6: version `GLIBC_2.38' not found\n";

test("what the runtime says is told without the place in its source, with the way out", () => {
  assert.deepEqual(cudaFailure(INSUFFICIENT), {
    problem: "CUDA says: CUDA driver version is insufficient for CUDA runtime version (error 35).",
    remedy: "Update NVIDIA's driver: this one is older than the CUDA libraries are.",
  });
  assert.match(cudaFailure("CUDA failure 999: unknown error ; GPU=0")?.problem ?? "", /unknown error \(error 999\)/);
  const unloaded = "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library";
  assert.match(cudaFailure(unloaded, UNLOADED)?.problem ?? "", /cannot be loaded: .*`GLIBC_2\.38' not found\.$/);
  assert.equal(cudaFailure(unloaded), undefined);
});

test("a report of CUDA has state, problem and remedy, and nothing that the schema does not know", () => {
  const failing = (message: string, log = "") => ({
    findings: [{ kind: "failed", stage: "opening", message } as const],
    log,
  });
  const missing = reportOf("cuda", failing("Failed to load shared library"), {
    facts: { ...NVIDIA_CONTAINER, missingCuda: noDriver },
    card: {},
  });
  assert.equal(missing.state, "absent");
  assert.deepEqual(Object.keys(missing).sort(), ["device", "problem", "remedy", "state"]);
  const old = reportOf("cuda", failing(INSUFFICIENT), { facts: NVIDIA_CONTAINER, card: { name: "NVIDIA H200" } });
  assert.deepEqual([old.state, old.adapter], ["failed", "NVIDIA H200"]);
  assert.match(old.problem ?? "", /error 35/);
});
