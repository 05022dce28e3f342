/** A container with an NVIDIA card, CUDA and its support, and no Vulkan: what CUDA is for. */
import type { SystemFacts } from "../systemFacts.ts";

export const NVIDIA_CONTAINER: SystemFacts = {
  platform: "linux",
  arch: "x64",
  musl: false,
  environment: {},
  container: true,
  vulkanLoader: false,
  manifests: [],
  missingManifests: [],
  nvidia: true,
  renderNodes: [],
  closedNodes: [],
  cudaSupport: true,
  missingCuda: [],
};
