/** From what a self-test told and what the system says to one report of a device. */
import type { CheckedDevice, DeviceReport, Placement } from "../../../../../schemas/devices.ts";
import { cudaFailure, cudaMissing } from "./cudaDiagnosis.ts";
import { type Diagnosis, isSoftware, noAdapter, SOFTWARE_DEVICE, webgpuNotBuilt } from "./diagnosis.ts";
import type { Card } from "./graphicsCards.ts";
import { vulkanDevices } from "./loaderLog.ts";
import { readPlacements } from "./placements.ts";
import type { SystemFacts } from "./systemFacts.ts";
import type { TestOutcome } from "./testProcess.ts";

/** What is known of a device besides its test: its card, or the processor. */
export interface Surroundings {
  facts: SystemFacts;
  card: Card;
}

export function reportOf(device: CheckedDevice, outcome: TestOutcome, { facts, card }: Surroundings): DeviceReport {
  const adapters = device === "webgpu" ? vulkanDevices(outcome.log) : [];
  // Where a graphics card and a software driver are side by side, WebGPU takes the card.
  const adapter = adapters.find((name) => !isSoftware(name)) ?? adapters[0] ?? card.name;
  const software = adapter !== undefined && isSoftware(adapter);
  const measured = measurementsOf(outcome);
  const found: DeviceReport = {
    device,
    state: "works",
    ...(adapter === undefined ? {} : { adapter }),
    ...(card.memory === undefined || software ? {} : { memory: card.memory }),
    ...measured,
  };
  const fault = faultOf(device, outcome, facts, adapters);
  if (fault) return { ...found, ...fault };
  return software ? { ...found, state: "software", ...SOFTWARE_DEVICE(adapter) } : found;
}

/** Of a process that died or fell silent. */
const REMEDIES = {
  cuda: "Update the driver, or install CUDA support anew (toolexpander install-cuda --remove, then --yes); until then train on the CPU.",
  other: "Update the driver; until then train on the CPU.",
} as const;

type Fault = Pick<DeviceReport, "state"> & Diagnosis;

function faultOf(
  device: CheckedDevice,
  { findings, died, log }: TestOutcome,
  facts: SystemFacts,
  adapters: readonly string[],
): Fault | undefined {
  const last = findings.at(-1);
  if (died !== undefined) {
    const stage = findings.findLast((finding) => finding.kind === "stage")?.name ?? "starting";
    return {
      state: "failed",
      problem: `The process that tested the device ${died} while ${stage}.`,
      remedy: died.startsWith("could not") ? "Check the installation." : REMEDIES[device === "cuda" ? "cuda" : "other"],
    };
  }
  if (last?.kind === "wrong") {
    return {
      state: "wrong",
      problem: `The device computes wrongly: its ${last.check} is off by ${last.error.toPrecision(2)} of the largest value.`,
      remedy: "Update the driver; do not train on this device.",
    };
  }
  if (last?.kind === "absent") {
    const missing = device === "cuda" ? cudaMissing(facts) : undefined;
    return fault("absent", missing ?? webgpuNotBuilt(facts));
  }
  if (last?.kind !== "failed") return undefined;
  const missing = device === "cuda" ? cudaMissing(facts) : undefined;
  if (missing) return fault("absent", missing);
  const told = device === "cuda" ? cudaFailure(last.message, log) : undefined;
  if (told) return fault("failed", told);
  if (device === "webgpu" && /WebGPU adapter/.test(last.message)) {
    return { state: "absent", ...noAdapter(facts, adapters) };
  }
  return {
    state: "failed",
    problem: `It failed while ${last.stage}: ${firstLine(last.message)}.`,
    remedy: log.includes("out of memory") ? "Free memory on the device and try again." : "Update the driver.",
  };
}

const fault = (state: Fault["state"], { problem, remedy }: Diagnosis): Fault => ({ state, problem, remedy });

type Measurements = Pick<
  DeviceReport,
  "f32" | "f16" | "int4" | "float16" | "training" | "copies" | "latency" | "error" | "placement"
>;

function measurementsOf({ findings, log }: TestOutcome): Measurements {
  const measured: Measurements = {};
  const graphs: Record<string, number>[] = [];
  for (const finding of findings) {
    if (finding.kind === "latency") measured.latency = finding.milliseconds;
    if (finding.kind === "f32") measured.f32 = finding.gflops;
    if (finding.kind === "f16") measured.f16 = finding.gflops;
    if (finding.kind === "training") measured.training = finding.tokens;
    if (finding.kind === "int4" || finding.kind === "float16") measured[finding.kind] = finding.problem;
    if (finding.kind === "correct") measured.error = Math.max(measured.error ?? 0, finding.error);
    if (finding.kind === "copies") measured.copies = { toDevice: finding.toDevice, fromDevice: finding.fromDevice };
    if (finding.kind === "graph") graphs.push(finding.operators);
  }
  const placement = placementOf(graphs, log);
  return placement === undefined ? measured : { ...measured, placement };
}

/** Undefined where nothing was placed, as on the CPU itself. */
function placementOf(graphs: readonly Readonly<Record<string, number>>[], log: string): Placement | undefined {
  const { counts, onCpu } = readPlacements(log);
  if (graphs.length === 0 || counts.size === 0) return undefined;
  const fallen: Record<string, number> = {};
  for (const { operator } of onCpu) fallen[operator] = (fallen[operator] ?? 0) + 1;
  return {
    onDevice: [...new Set(graphs.flatMap((operators) => Object.keys(operators)))]
      .filter((operator) => fallen[operator] === undefined)
      .sort(),
    nodes: [...counts.values()].reduce((sum, count) => sum + count, 0),
    onCpu: fallen,
  };
}

/** The first line, without the place in the runtime's own source and the condition that did not hold there. */
export function firstLine(message: string): string {
  return (message.trim().split("\n")[0] ?? "").replace(/^.*\bwas false\. /, "").replace(/\.$/, "");
}
