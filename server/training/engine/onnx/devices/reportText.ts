/** Reports of devices in words: short lines that a screen reader reads as well as an eye, and that are Markdown too. */
import type { DeviceDecision, DeviceReport } from "../../../../../schemas/devices.ts";

const NAMES: Record<DeviceReport["device"], string> = { cpu: "CPU", webgpu: "WebGPU", cuda: "CUDA" };

const STATES: Record<DeviceReport["state"], string> = {
  works: "works",
  software: "works, in software",
  wrong: "computes wrongly",
  failed: "does not work",
  absent: "is not there",
};

export const deviceName = ({ device }: Pick<DeviceReport, "device">): string => NAMES[device];
export const stateText = ({ state }: Pick<DeviceReport, "state">): string => STATES[state];

/** Rates are good for three digits. */
export const rateText = (gflops: number | undefined): string =>
  gflops === undefined ? "" : Number(gflops.toPrecision(3)).toLocaleString("en-US");

export const memoryText = ({ memory }: Pick<DeviceReport, "memory">): string => {
  if (memory === undefined) return "";
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return memory.free === undefined ? gib(memory.total) : `${gib(memory.total)}, ${gib(memory.free)} free`;
};

/** How many nodes of the engine's graphs fall back to the CPU, and which. */
export function fallbackText({ placement }: Pick<DeviceReport, "placement">): string {
  if (placement === undefined) return "";
  const fallen = Object.entries(placement.onCpu);
  const count = fallen.reduce((sum, [, nodes]) => sum + nodes, 0);
  const list = fallen.map(([operator, nodes]) => `${operator} (${nodes})`).join(", ");
  return count === 0 ? `none of ${placement.nodes}` : `${count} of ${placement.nodes}: ${list}`;
}

const ableText = (problem: string | undefined): string =>
  problem === undefined ? "" : problem === "" ? "yes" : `no: ${problem}`;

/** One report under a heading of its own. */
export function reportText(report: DeviceReport): string {
  const { adapter, f32, f16, int4, float16, training, copies, latency, error, placement, problem, remedy } = report;
  const facts: [string, string][] = [
    ["Adapter", adapter ?? ""],
    ["Memory", memoryText(report)],
    ["Matrix products, float32", f32 === undefined ? "" : `${rateText(f32)} GFLOP/s`],
    ["Matrix products, float16", f16 === undefined ? "" : `${rateText(f16)} GFLOP/s`],
    ["Float16", ableText(float16)],
    ["Weights in 4 bits", ableText(int4)],
    ["Training of a small adapter", training === undefined ? "" : `${rateText(training)} tokens/s`],
    ["Copies to the device", copies === undefined ? "" : `${copies.toDevice.toPrecision(2)} GB/s`],
    ["Copies from the device", copies === undefined ? "" : `${copies.fromDevice.toPrecision(2)} GB/s`],
    ["One tiny run", latency === undefined ? "" : `${latency.toPrecision(2)} ms`],
    ["Results", error === undefined ? "" : `agree with float64 to ${error.toExponential(0)}`],
    ["Nodes on the CPU", fallbackText(report)],
    ["Operators on the device", (placement?.onDevice ?? []).join(", ")],
  ];
  const lines = facts.filter(([, value]) => value !== "").map(([name, value]) => `- ${name}: ${value}`);
  return [
    `## ${deviceName(report)} ${stateText(report)}`,
    "",
    ...[problem, remedy].filter((sentence) => sentence !== undefined).flatMap((sentence) => [sentence, ""]),
    ...lines,
  ]
    .join("\n")
    .trimEnd();
}

/** All of it; `decision` is there once all devices are tested. */
export function reportDocument(reports: readonly DeviceReport[], ending: string, decision?: DeviceDecision): string {
  return [
    "# Devices of this machine",
    "",
    ...(decision ? [`With "device": "auto": ${decision.why}`, ""] : []),
    ...reports.flatMap((report) => [reportText(report), ""]),
    ...(ending === "" ? [] : [ending, ""]),
  ].join("\n");
}
