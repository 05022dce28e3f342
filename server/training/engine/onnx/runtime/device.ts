/** The devices the embedded engine computes on. */
import { listSupportedBackends } from "onnxruntime-node";
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import { InputError } from "../../../../../schemas/problem.ts";
import { runtimeLibraries } from "../cuda/runtimePackage.ts";
import { cudaFailure, cudaMissing } from "../devices/cudaDiagnosis.ts";
import { asClause } from "../devices/diagnosis.ts";
import { systemFacts } from "../devices/systemFacts.ts";
import { Graph } from "../graph/graph.ts";
import { addRaw } from "../ops/elementwise.ts";
import { targetOf } from "./deviceKinds.ts";
import { GraphSession } from "./session.ts";
import { runtimeVersion } from "./version.ts";

export interface Device {
  name: TrainingDevice;
  threads: number;
  /** The runtime's name and version. */
  runtime: string;
}

const REMEDY = 'write "device": "cpu" in the experiment or start with --device cpu';

/** Checks with one small sum that the device computes. InputError where it does not. */
export async function openDevice(name: TrainingDevice, threads: number): Promise<Device> {
  if (!listSupportedBackends().some((backend) => backend.name === name)) {
    throw new InputError(`The device "${name}" is not part of ONNX Runtime's build for this system; ${REMEDY}.`);
  }
  try {
    const graph = new Graph(targetOf(name));
    graph.output("sum", addRaw(graph, graph.input("a", [1]), graph.scalar(1)));
    const session = await GraphSession.create(graph, { device: name, threads });
    const sum = (await session.run(new Map([["a", Float32Array.of(1)]]), {})).get("sum")?.[0];
    await session.dispose();
    if (sum !== 2) throw new Error(`1 + 1 gave ${sum}`);
  } catch (error) {
    const { message } = error as Error;
    if (name === "cuda") throw await cudaRefusal(message);
    const why = reasonIn(message);
    throw new InputError(`The device "${name}" does not work here (${why}): check the GPU's driver, or ${REMEDY}.`);
  }
  return {
    name,
    threads: name === "cpu" ? threads : 1,
    runtime: `onnxruntime-node ${runtimeVersion}`,
  };
}

/** The runtime says no more than that its provider was not loaded; the system says why. */
async function cudaRefusal(message: string): Promise<InputError> {
  const known = cudaMissing(await systemFacts(runtimeLibraries())) ?? cudaFailure(message);
  const why = asClause(known ?? { problem: reasonIn(message), remedy: "Check the driver." });
  return new InputError(`The device "cuda" cannot be used: ${why}; or ${REMEDY}.`);
}

/** The first line, without the place in the runtime's own source and the condition that did not hold there. */
function reasonIn(message: string): string {
  return (message.split("\n")[0] as string).replace(/^.*\bwas false\. /, "");
}
