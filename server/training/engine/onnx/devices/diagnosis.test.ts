import assert from "node:assert/strict";
import test from "node:test";
import { type Diagnosis, isSoftware, noAdapter, webgpuNotBuilt } from "./diagnosis.ts";
import type { SystemFacts } from "./systemFacts.ts";

const working: SystemFacts = {
  platform: "linux",
  arch: "x64",
  musl: false,
  environment: {},
  container: false,
  vulkanLoader: true,
  manifests: [{ file: "/usr/share/vulkan/icd.d/radeon_icd.json", library: "libvulkan_radeon.so", present: true }],
  missingManifests: [],
  nvidia: false,
  renderNodes: ["/dev/dri/renderD128"],
  closedNodes: [],
  cudaSupport: false,
  missingCuda: [],
};
const nvidia = { file: "/etc/vulkan/icd.d/nvidia_icd.json", library: "libGLX_nvidia.so.0", present: false };

const CASES: [string, Partial<SystemFacts>, string[], RegExp, RegExp][] = [
  ["no loader", { vulkanLoader: false }, [], /libvulkan\.so\.1/, /apt-get install libvulkan1/],
  [
    "a variable that names a driver which is not there",
    { manifests: [], missingManifests: ["/x/icd.json"], environment: { VK_DRIVER_FILES: "/x/icd.json" } },
    [],
    /^VK_DRIVER_FILES names .* \/x\/icd\.json\.$/,
    /Correct VK_DRIVER_FILES/,
  ],
  [
    "the older variable",
    { manifests: [], missingManifests: ["/x/icd.json"], environment: { VK_ICD_FILENAMES: "/x/icd.json" } },
    [],
    /^VK_ICD_FILENAMES names/,
    /unset it/,
  ],
  [
    "a container without graphics, no manifest in it",
    { manifests: [], nvidia: true, container: true, environment: { NVIDIA_DRIVER_CAPABILITIES: "compute,utility" } },
    [],
    /NVIDIA_DRIVER_CAPABILITIES is "compute,utility"/,
    /compute,utility,graphics/,
  ],
  [
    "a container without graphics, whose image has the manifest",
    { manifests: [nvidia], nvidia: true, container: true },
    [],
    /NVIDIA_DRIVER_CAPABILITIES is not set/,
    /NVIDIA_DRIVER_CAPABILITIES=all/,
  ],
  [
    "a card by NVIDIA without its Vulkan driver",
    { manifests: [], nvidia: true },
    [],
    /nvidia_icd\.json/,
    /libnvidia-gl/,
  ],
  ["a card without a driver", { manifests: [] }, [], /no Vulkan driver \(ICD\)/, /mesa-vulkan-drivers/],
  ["no card", { manifests: [], renderNodes: [] }, [], /No graphics card/, /on the CPU/],
  [
    "a manifest whose library is gone",
    { manifests: [nvidia] },
    [],
    /libGLX_nvidia\.so\.0, which is not there/,
    /again/,
  ],
  [
    "a card that this user may not open",
    { closedNodes: ["/dev/dri/renderD128"] },
    [],
    /renderD128/,
    /usermod -aG render/,
  ],
  ["a device that lacks features", {}, ["llvmpipe (LLVM 15)"], /refuses .* llvmpipe/, /Update/],
  ["a driver that finds nothing", {}, [], /radeon_icd\.json is installed and finds no device/, /vulkaninfo/],
  ["Windows", { platform: "win32" }, [], /Direct3D 12/, /driver/],
  ["macOS", { platform: "darwin", arch: "arm64" }, [], /Metal/, /CPU/],
];

const isOneSentence = ({ problem, remedy }: Diagnosis): boolean =>
  [problem, remedy].every((text) => /^[^\n]+\.$/.test(text));

for (const [name, facts, refused, problem, remedy] of CASES) {
  test(`without an adapter: ${name}`, () => {
    const found = noAdapter({ ...working, ...facts }, refused);
    assert.match(found.problem, problem);
    assert.match(found.remedy, remedy);
    assert.ok(isOneSentence(found));
  });
}

test("with the graphics capability the container is not to blame", () => {
  for (const given of ["all", "compute, graphics"]) {
    const environment = { NVIDIA_DRIVER_CAPABILITIES: given };
    const { problem } = noAdapter({ ...working, manifests: [], nvidia: true, container: true, environment });
    assert.doesNotMatch(problem, /CAPABILITIES/);
  }
});

test("a system without a build is named with its C library", () => {
  assert.match(webgpuNotBuilt({ ...working, arch: "arm64" }).problem, /no build with WebGPU for linux-arm64;/);
  assert.match(webgpuNotBuilt({ ...working, musl: true }).problem, /linux-x64 with musl;/);
});

test("software devices are known by their names", () => {
  for (const name of [
    "SwiftShader Device (Subzero)",
    "llvmpipe (LLVM 15.0.6, 256 bits)",
    "Microsoft Basic Render Driver",
  ])
    assert.ok(isSoftware(name), name);
  for (const name of ["NVIDIA H200", "AMD Radeon RX 7900 XTX (RADV NAVI31)", "Apple M2"])
    assert.ok(!isSoftware(name), name);
});
