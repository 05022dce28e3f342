/**
 * A small policy's update and decoding step on a device, held against the CPU's: what a check of single operators would not find. CUDA is
 * asked for it, whose kernels no test of ours has met; those of WebGPU are tested with each change.
 */
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import { stepGraph } from "../decoding/decoderGraphs.ts";
import type { Sizes } from "../graph/dims.ts";
import type { Graph, Target } from "../graph/graph.ts";
import { gradientOf } from "../policyGraphs.ts";
import { computesFromHost, targetOf } from "../runtime/deviceKinds.ts";
import { SessionPool } from "../runtime/sessionPool.ts";
import { relativeError } from "./checks.ts";
import { SAMPLE_CONFIG, sampleUpdate } from "./sampleGraphs.ts";
import { sampleFeeds } from "./samplePolicy.ts";

export interface Difference {
  check: string;
  /** Largest difference to the CPU's, relative to the largest value. */
  error: number;
}

interface Case {
  name: string;
  build: (target: Target) => Graph;
  sizes: Sizes;
}

const UPDATE: Case = { name: "update", build: sampleUpdate, sizes: { B: 2, G: 3, P: 5, L: 4, M: 1 } };
const STEP: Case = { name: "step", build: () => stepGraph(SAMPLE_CONFIG), sizes: { B: 2, G: 3, P: 5, T: 4 } };

/** Where keys and values stay on the card, the decoding step is another graph, which cannot be fed so. */
export async function differencesToCpu(device: TrainingDevice): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { name, build, sizes } of computesFromHost(device) ? [UPDATE, STEP] : [UPDATE]) {
    const [found, expected] = [await results(device, build, sizes), await results("cpu", build, sizes)];
    const error = (outputs: readonly string[]): number => {
      const of = (all: ReadonlyMap<string, Float32Array>) => outputs.flatMap((output) => [...(all.get(output) ?? [])]);
      return relativeError(Float32Array.from(of(found)), Float64Array.from(of(expected)));
    };
    const [gradients, others] = [true, false].map((wanted) =>
      [...expected.keys()].filter((output) => isGradient(output) === wanted),
    ) as [string[], string[]];
    // One parameter's gradient may be next to nothing, and is then rounding alone: all are one vector.
    if (gradients.length > 0)
      differences.push({ check: `${name}'s gradient of a small policy`, error: error(gradients) });
    const largest = Math.max(...others.map((output) => error([output])));
    differences.push({ check: `${name}'s result of a small policy`, error: largest });
  }
  return differences;
}

const isGradient = (output: string): boolean => output.startsWith(gradientOf(""));

async function results(device: TrainingDevice, build: Case["build"], sizes: Sizes): Promise<Map<string, Float32Array>> {
  const pool = new SessionPool({ name: device, threads: 1 });
  try {
    const graph = build(targetOf(device));
    const session = await pool.get("sample", () => graph);
    return await session.run(sampleFeeds(graph, sizes), sizes);
  } finally {
    await pool.dispose();
  }
}
