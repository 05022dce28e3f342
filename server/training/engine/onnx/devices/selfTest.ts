/** What one device can do, found out step by step. Runs in a process of its own: a broken driver may crash or hang it. */
import * as ort from "onnxruntime-node";
import { ADAPTER_DEFAULTS } from "../../../../../schemas/adapter.ts";
import type { CheckedDevice, DeviceFinding } from "../../../../../schemas/devices.ts";
import type { FrozenForm } from "../../lora.ts";
import { deviceFault } from "../frozen/kernels.ts";
import type { Graph } from "../graph/graph.ts";
import { computesFromHost, targetOf } from "../runtime/deviceKinds.ts";
import { productFault } from "../runtime/halfProducts.ts";
import type { HostFeed } from "../runtime/session.ts";
import { checksFor, relativeError, TOLERANCE } from "./checks.ts";
import { type Difference, differencesToCpu } from "./parity.ts";
import { PLACEMENT_LOG_LEVEL } from "./placements.ts";
import { copyRates, matrixRate, type Runner, tinyLatency } from "./rates.ts";
import { sampleGraphs } from "./sampleGraphs.ts";
import { trainingRate } from "./trainingRate.ts";

type Tell = (finding: DeviceFinding) => void;

/** Tells findings until the last one, `done`, `absent`, `wrong` or `failed`. Never throws. */
export async function selfTest(device: CheckedDevice, threads: number, tell: Tell): Promise<void> {
  let stage = "opening";
  const enter = (name: string): void => {
    stage = name;
    tell({ kind: "stage", name });
  };
  try {
    const backends = ort.listSupportedBackends().map(({ name }) => name);
    if (!backends.includes(device)) return tell({ kind: "absent", backends: backends.join(", ") });
    const runner = runnerOn(device, threads);
    enter("opening");
    const latency = await tinyLatency(runner);
    enter("checking results");
    if (!(await checked(runner, device, threads, tell))) return;
    if (device === "cuda") {
      enter("comparing a policy with the CPU's");
      if (!(await differencesToCpu(device)).every((difference) => isSound(difference, tell))) return;
    }
    tell({ kind: "latency", milliseconds: latency });
    enter("measuring products");
    tell({ kind: "f32", gflops: await matrixRate(runner, false) });
    if (device !== "cpu") {
      enter("measuring copies");
      tell({ kind: "copies", ...(await copyRates(runner, latency)) });
      enter("placing operators");
      await placeGraphs(device, tell);
    }
    if (computesFromHost(device)) {
      enter("training a small adapter");
      tell({ kind: "training", tokens: await trainingRate(device, threads) });
    }
    const fault = async (frozen: FrozenForm) => (await deviceFault({ name: device, threads }, frozen)) ?? "";
    enter("trying weights in 4 bits");
    tell({ kind: "int4", problem: await fault({ kind: "blocks", block: ADAPTER_DEFAULTS.block }) });
    enter("trying float16");
    tell({
      kind: "float16",
      problem: (await fault({ kind: "half" })) || ((await productFault({ name: device, threads })) ?? ""),
    });
    enter("measuring half precision");
    // Many devices have none: that is no fault.
    const half = await matrixRate(runner, true).catch(() => 0);
    if (half > 0) tell({ kind: "f16", gflops: half });
    tell({ kind: "done" });
  } catch (error) {
    tell({ kind: "failed", stage, message: error instanceof Error ? error.message : String(error) });
  }
}

async function checked(runner: Runner, device: CheckedDevice, threads: number, tell: Tell): Promise<boolean> {
  for (const { name, graph, feeds, expected } of checksFor(runner.target)) {
    const error = relativeError(await outputOf(device, threads, graph, feeds), expected);
    if (!isSound({ check: name, error }, tell)) return false;
  }
  return true;
}

function isSound({ check, error }: Difference, tell: Tell): boolean {
  const sound = error <= TOLERANCE;
  tell({ kind: sound ? "correct" : "wrong", check, error: Number.isFinite(error) ? error : Number.MAX_VALUE });
  return sound;
}

async function outputOf(device: CheckedDevice, threads: number, graph: Graph, feeds: Map<string, HostFeed>) {
  const session = await open(device, threads, graph, 3);
  try {
    const results = await session.run(tensorsOf(graph, feeds));
    const { data } = Object.values(results)[0] as ort.Tensor;
    if (!(data instanceof Float32Array)) throw new Error("the result is of another type");
    return data;
  } finally {
    await session.release();
  }
}

function runnerOn(device: CheckedDevice, threads: number): Runner {
  return {
    target: targetOf(device),
    open: async (graph) => {
      const session = await open(device, threads, graph, 3);
      return {
        run: async (feeds) => void (await session.run(tensorsOf(graph, feeds))),
        close: () => session.release(),
      };
    },
  };
}

/** Opens the engine's graphs with the log turned up; the process that started this one reads it. */
async function placeGraphs(device: CheckedDevice, tell: Tell): Promise<void> {
  for (const graph of sampleGraphs(targetOf(device))) {
    tell({ kind: "graph", operators: Object.fromEntries(graph.operators()) });
    await (await open(device, 1, graph, PLACEMENT_LOG_LEVEL)).release();
  }
}

function open(device: CheckedDevice, threads: number, graph: Graph, logSeverityLevel: 0 | 3) {
  return ort.InferenceSession.create(graph.encode(), {
    executionProviders: [device],
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel,
  });
}

/** All sizes of these graphs are numbers. */
function tensorsOf(graph: Graph, feeds: ReadonlyMap<string, HostFeed>): Record<string, ort.Tensor> {
  const all: Iterable<[string, HostFeed]> = [...graph.dimensionFeeds({}), ...feeds];
  return Object.fromEntries(
    Array.from(all, ([name, data]) => {
      const shape = (graph.inputs.get(name)?.shape ?? []).map(Number);
      const tensor =
        data instanceof Float32Array ? new ort.Tensor("float32", data, shape) : new ort.Tensor("int64", data, shape);
      return [name, tensor];
    }),
  );
}
