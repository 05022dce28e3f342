/** Why a device is not there or does not work: the missing piece by its name, and what to do about it. */
import type { SystemFacts } from "./systemFacts.ts";

export interface Diagnosis {
  /** One sentence. */
  problem: string;
  /** One sentence. */
  remedy: string;
}

/** Both as the end of one sentence, behind a colon. */
export const asClause = ({ problem, remedy }: Diagnosis): string =>
  `${uncapitalized(problem)}; ${uncapitalized(remedy)}`;

/** Without its period; names such as CUDA stay as they are. */
function uncapitalized(sentence: string): string {
  const text = sentence.replace(/\.$/, "");
  return /^[A-Z][a-z ]/.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
}

/** Drivers that compute on the CPU's own cores. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|\blvp_|softpipe|software rasterizer|microsoft basic render/i;

export const isSoftware = (adapter: string): boolean => SOFTWARE.test(adapter);

export const SOFTWARE_DEVICE = (adapter: string): Diagnosis => ({
  problem: `The only WebGPU device is ${adapter}, which computes on the CPU's own cores and is slower than the CPU device.`,
  remedy: "Train on the CPU, or install the driver of the graphics card.",
});

/** Builds of ONNX Runtime with WebGPU. */
const BUILDS = "linux-x64, win32-x64, win32-arm64 and darwin-arm64";

/** Why there is no WebGPU in this build of the runtime. */
export function webgpuNotBuilt({ platform, arch, musl }: SystemFacts): Diagnosis {
  const system = `${platform}-${arch}${musl ? " with musl" : ""}`;
  return {
    problem: `ONNX Runtime has no build with WebGPU for ${system}; it has for ${BUILDS}.`,
    remedy: "Train on the CPU here, or on a machine of these kinds.",
  };
}

/**
 * Why no adapter was found.
 * @param refused drivers that were loaded, as the Vulkan loader names their devices
 */
export function noAdapter(facts: SystemFacts, refused: readonly string[] = []): Diagnosis {
  if (facts.platform === "win32") {
    return {
      problem: "Windows offers no Direct3D 12 adapter to WebGPU.",
      remedy: "Install the graphics card's current driver; a remote session may have no card.",
    };
  }
  if (facts.platform === "darwin") {
    return {
      problem: "macOS offers no Metal device to WebGPU.",
      remedy: "Train on the CPU; a virtual machine may have no Metal device.",
    };
  }
  return withoutLoader(facts) ?? withoutManifest(facts) ?? withoutLibrary(facts) ?? notUsable(facts, refused);
}

function withoutLoader({ vulkanLoader }: SystemFacts): Diagnosis | undefined {
  if (vulkanLoader) return undefined;
  return {
    problem: "The Vulkan loader is missing: no libvulkan.so.1 is where the dynamic linker looks.",
    remedy:
      "Install it (Debian, Ubuntu: apt-get install libvulkan1; Fedora: dnf install vulkan-loader), or add its folder to LD_LIBRARY_PATH.",
  };
}

function withoutManifest(facts: SystemFacts): Diagnosis | undefined {
  const { manifests, missingManifests, environment } = facts;
  if (manifests.length > 0) return undefined;
  const variable = environment.VK_DRIVER_FILES ? "VK_DRIVER_FILES" : "VK_ICD_FILENAMES";
  if (missingManifests.length > 0) {
    return {
      problem: `${variable} names a Vulkan driver that is not there: ${missingManifests.join(", ")}.`,
      remedy: `Correct ${variable}, or unset it so that the loader looks where drivers are installed.`,
    };
  }
  return lacksGraphics(facts) ?? noDriver(facts);
}

function noDriver({ nvidia, renderNodes }: SystemFacts): Diagnosis {
  if (nvidia) {
    return {
      problem: "NVIDIA's kernel driver is loaded, but its Vulkan driver is not installed: there is no nvidia_icd.json.",
      remedy:
        "Install the driver's graphics part (Debian: nvidia-vulkan-icd; Ubuntu: libnvidia-gl of the same version).",
    };
  }
  if (renderNodes.length > 0) {
    return {
      problem: "There is a graphics card, but no Vulkan driver (ICD) in any vulkan/icd.d folder.",
      remedy:
        "Install Mesa's drivers (Debian, Ubuntu: apt-get install mesa-vulkan-drivers) or those of the card's maker.",
    };
  }
  return {
    problem: "No graphics card is to be seen: /dev/dri is empty, and no Vulkan driver (ICD) is installed.",
    remedy: "Train on the CPU; in a container or virtual machine, hand the card on to it.",
  };
}

/** The NVIDIA container toolkit hands out computing alone unless graphics is asked for. */
function lacksGraphics({ container, nvidia, environment }: SystemFacts): Diagnosis | undefined {
  const given = environment.NVIDIA_DRIVER_CAPABILITIES ?? "";
  const capabilities = given.split(",").map((name) => name.trim());
  if (!container || !nvidia || capabilities.includes("all") || capabilities.includes("graphics")) return undefined;
  return {
    problem: `The container was started without the graphics capability of NVIDIA's driver (NVIDIA_DRIVER_CAPABILITIES is ${given === "" ? "not set" : `"${given}"`}).`,
    remedy:
      "Start it with NVIDIA_DRIVER_CAPABILITIES=all, or with compute,utility,graphics; where that cannot be, CUDA needs no graphics.",
  };
}

function withoutLibrary(facts: SystemFacts): Diagnosis | undefined {
  const { manifests } = facts;
  const [first] = manifests.filter(({ present }) => !present);
  if (first === undefined || manifests.some(({ present }) => present)) return undefined;
  const capability = (first.library ?? "").includes("nvidia") ? lacksGraphics(facts) : undefined;
  return (
    capability ?? {
      problem: `The Vulkan driver ${first.file} names ${first.library === undefined ? "no library" : `the library ${first.library}, which is not there`}.`,
      remedy: "Install the driver again, or remove its manifest.",
    }
  );
}

function notUsable({ closedNodes, manifests }: SystemFacts, refused: readonly string[]): Diagnosis {
  const [node] = closedNodes;
  if (node !== undefined) {
    return {
      problem: `This user may not open the graphics card: ${node} needs membership of a group.`,
      remedy: "Add the user to the group that owns it (sudo usermod -aG render,video $USER) and log in again.",
    };
  }
  if (refused.length > 0) {
    return {
      problem: `WebGPU refuses the Vulkan device ${refused.join(", ")}: it lacks features that are needed.`,
      remedy: "Update its driver; Mesa's lavapipe is refused in older versions.",
    };
  }
  return {
    problem: `The Vulkan driver ${manifests.map(({ file }) => file).join(", ")} is installed and finds no device.`,
    remedy: "See what vulkaninfo says; the kernel's driver may be missing or of another version.",
  };
}
