/** `"device": "auto"`: the best device that works, and why, in one sentence. */
import type { DeviceDecision, DeviceReport } from "../../../../../schemas/devices.ts";

/** A graphics card has to be this much faster: what it gains in products it loses in part to copies and short runs. */
const WORTHWHILE = 2;

/** Numbers that a device may lack the kernels for, as reports have them, and as sentences do. */
const FORMS = { int4: "weights in 4 bits", float16: "float16" } as const;

/**
 * @param reports of cpu and webgpu; what is missing did not work
 * @param form of numbers that the run needs besides float32
 */
export function chooseDevice(reports: readonly DeviceReport[], form?: keyof typeof FORMS): DeviceDecision {
  const [cpu, webgpu] = ["cpu", "webgpu"].map((name) => reports.find(({ device }) => device === name));
  const rate = (report: DeviceReport | undefined): number => report?.f32 ?? 0;
  const cpuRate = `${rounded(rate(cpu))} GFLOP/s on the CPU`;
  if (webgpu === undefined) return { name: "cpu", why: "The CPU was chosen: no other device was tested." };
  if (webgpu.state !== "works") {
    return { name: "cpu", why: `The CPU was chosen (${cpuRate}), because WebGPU cannot be used: ${problemOf(webgpu)}` };
  }
  if (form && webgpu[form] !== "") {
    const why = webgpu[form] ?? "that was not tested";
    return {
      name: "cpu",
      why: `The CPU was chosen (${cpuRate}), because WebGPU cannot compute with ${FORMS[form]}: ${why}.`,
    };
  }
  const card = `${webgpu.adapter ?? "the graphics card"} multiplies matrices at ${rounded(rate(webgpu))} GFLOP/s`;
  return rate(webgpu) >= WORTHWHILE * rate(cpu)
    ? { name: "webgpu", why: `WebGPU was chosen: ${card}, against ${cpuRate}.` }
    : { name: "cpu", why: `The CPU was chosen: ${card}, which is not ${WORTHWHILE} times the ${cpuRate}.` };
}

const problemOf = ({ problem }: DeviceReport): string => problem ?? "it does not work.";

/** Three digits are as many as a measurement in a fraction of a second is good for. */
const rounded = (gflops: number): string => Number(gflops.toPrecision(3)).toLocaleString("en-US");
