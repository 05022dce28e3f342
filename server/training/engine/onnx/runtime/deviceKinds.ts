/** What tells devices apart, by their names alone. */
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import type { Target } from "../graph/graph.ts";

/** The form of graphs that a device computes: the runtime's table of kernels has each operator of the CPU's form for CUDA. */
export const targetOf = (device: TrainingDevice): Target => (device === "webgpu" ? "webgpu" : "cpu");

/**
 * Whether weights, caches and gradients of a device are the host's arrays. The binding keeps tensors on a card for WebGPU alone: what
 * CUDA is fed and what it gives crosses the bus at each run.
 */
export const computesFromHost = (device: TrainingDevice): boolean => device !== "webgpu";
