/** `"device": "auto"`: the best device that works, and why, in one sentence. */
import type { DeviceDecision, DeviceReport } from "../../../../../schemas/devices.ts";

/** A graphics card has to be this much faster: what it gains in products it loses in part to copies and short runs. */
const WORTHWHILE = 2;

/** Numbers that a device may lack the kernels for, as reports have them, and as sentences do. */
const FORMS = { int4: "weights in 4 bits", float16: "float16" } as const;

export type Form = keyof typeof FORMS;

/** What of a run the choice hangs on. */
export interface RunKind {
  /** Numbers that it needs besides float32. */
  form?: Form | undefined;
  /** It trains all weights, not an adapter of them. */
  allWeights?: boolean;
}

/**
 * WebGPU before CUDA, since its weights and caches stay on the card. By CUDA they cross the bus at each run, so that a product's rate says
 * little there: a whole step's decides, and a run of all weights, which cross for each token, is left to the CPU.
 *
 * @param reports of all devices; what is missing did not work
 */
export function chooseDevice(
  reports: readonly DeviceReport[],
  { form, allWeights = false }: RunKind = {},
): DeviceDecision {
  const report = (name: DeviceReport["device"]) => reports.find(({ device }) => device === name);
  const [cpu, cuda] = [report("cpu"), report("cuda")];
  const first = webgpuOrCpu(cpu, report("webgpu"), form);
  if (first.name === "webgpu" || cuda?.state !== "works" || (form !== undefined && cuda[form] !== "")) return first;
  const instead = first.why.replace(/\.$/, "");
  if (allWeights) {
    const why = `${instead}; CUDA is left to runs with an adapter, since all weights would cross the bus for each token.`;
    return { name: "cpu", why };
  }
  const rates = `${cuda.adapter ?? "the graphics card"} trains a small adapter at ${rounded(cuda.training)} tokens/s by it`;
  const against = `${rounded(cpu?.training)} on the CPU`;
  return (cuda.training ?? 0) >= WORTHWHILE * (cpu?.training ?? Number.POSITIVE_INFINITY)
    ? {
        name: "cuda",
        why: `CUDA was chosen, as WebGPU is not to be had or not worth it: ${rates}, against ${against}.`,
      }
    : {
        name: "cpu",
        why: `${instead}; nor is CUDA worth it: ${rates}, which is not ${WORTHWHILE} times the ${against}.`,
      };
}

function webgpuOrCpu(
  cpu: DeviceReport | undefined,
  webgpu: DeviceReport | undefined,
  form: Form | undefined,
): DeviceDecision {
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
const rounded = (rate = 0): string => Number(rate.toPrecision(3)).toLocaleString("en-US");
