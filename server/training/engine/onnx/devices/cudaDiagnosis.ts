/** Why CUDA cannot be used, from facts of the system and from what the runtime says of it. */
import type { Diagnosis } from "./diagnosis.ts";
import { DRIVER_LIBRARY, type MissingLibrary, type SystemFacts } from "./systemFacts.ts";

export interface CudaGap extends Diagnosis {
  lacks: "system" | "driver" | "support" | "libraries";
}

/** What a library is, by its name without version. */
const LIBRARIES: Readonly<Record<string, string>> = {
  libcuda: "NVIDIA's driver",
  libcudart: "the CUDA runtime",
  libcublas: "cuBLAS",
  libcublasLt: "cuBLAS Lt",
  libcurand: "cuRAND",
  libcufft: "cuFFT",
  libcudnn: "cuDNN",
  libnvrtc: "the CUDA compiler",
};

/** Where the command is, in the editor and on the command line. */
const INSTALL = 'Run "Install CUDA Support" (toolexpander install-cuda), which says what it fetches before it does';

/** `cuBLAS (libcublas.so.13; libcublas.so.12 is another version)` */
export function libraryText({ name, instead }: MissingLibrary): string {
  const what = LIBRARIES[name.replace(/\.so.*$/, "")];
  const file = instead === undefined ? name : `${name}; ${instead} is another version`;
  return what === undefined ? file : `${what} (${file})`;
}

/** What CUDA needs and does not find, that first which has to be had first. Undefined where all of it is there. */
export function cudaMissing({ platform, arch, nvidia, cudaSupport, missingCuda }: SystemFacts): CudaGap | undefined {
  if (platform !== "linux" || arch !== "x64") {
    return {
      lacks: "system",
      problem: `ONNX Runtime's packages for Node have CUDA on linux-x64 alone, and this is ${platform}-${arch}.`,
      remedy: "Use WebGPU, which reaches NVIDIA's cards too.",
    };
  }
  // The library decides: Windows lends it to Linux without a kernel module, and a container may see the module without having it.
  if (missingCuda.some(({ name }) => name === DRIVER_LIBRARY)) {
    return {
      lacks: "driver",
      problem: nvidia
        ? `NVIDIA's driver is loaded, but its library ${DRIVER_LIBRARY} is not where the dynamic linker looks.`
        : "No NVIDIA driver is loaded.",
      remedy: "CUDA needs a card by NVIDIA with its driver; a container is given both with --gpus all.",
    };
  }
  const named = missingCuda.map(libraryText).join(", ");
  if (!cudaSupport) {
    const besides = named === "" ? "" : `; CUDA's own libraries have to be there too, and were not found: ${named}`;
    return { lacks: "support", problem: "CUDA support is not installed.", remedy: `${INSTALL}${besides}.` };
  }
  if (named === "") return undefined;
  return {
    lacks: "libraries",
    problem: `CUDA lacks ${named}.`,
    remedy:
      "Install them in that version where the dynamic linker looks, or add their folder to LD_LIBRARY_PATH; WebGPU needs none of them.",
  };
}

/** Errors of the CUDA runtime whose way out is known, by number (CUDA Runtime API, cudaError_t). */
const REMEDIES: Readonly<Record<string, string>> = {
  2: "Free memory on the card, or take a smaller model.",
  35: "Update NVIDIA's driver: this one is older than the CUDA libraries are.",
  100: "Hand a card on to this machine; a container is given one with --gpus all.",
  209: "This card is older than the kernels of ONNX Runtime's provider; use WebGPU.",
  803: "The driver's library and its kernel module are of two versions: start the machine or the container anew.",
  804: "The driver is too old for these CUDA libraries, and this card takes no newer ones beside it: update the driver.",
};

/** What the runtime says of CUDA, by its error's message and its log; undefined where it says nothing of CUDA. */
export function cudaFailure(message: string, log = ""): Diagnosis | undefined {
  const failed = /CUDA failure (\d+): ([^;\n]+)/.exec(message);
  if (failed) {
    const [, number = "", what = ""] = failed;
    return {
      problem: `CUDA says: ${what.trim()} (error ${number}).`,
      remedy: REMEDIES[number] ?? "Update NVIDIA's driver, or use WebGPU.",
    };
  }
  const unloaded = /Failed to load library \S*?([^/\s]+) with error: (.+)/.exec(log);
  if (!unloaded) return undefined;
  return {
    problem: `ONNX Runtime's CUDA provider cannot be loaded: ${unloaded[2]?.trim()}.`,
    remedy: 'Install CUDA\'s libraries, or this support anew ("Install CUDA Support"); WebGPU needs neither.',
  };
}
