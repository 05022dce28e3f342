/**
 * How fast a device trains from the host's memory, as CUDA does: with what crosses the bus, a step is of another speed than its products.
 * Of the policy here, weights and gradient are 32 MB each; of one 60 times as large the same share of a step is spent on them.
 */
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import { stepGraph } from "../decoderGraphs.ts";
import { targetOf } from "../deviceKinds.ts";
import type { Sizes } from "../dims.ts";
import type { Graph } from "../graph.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { updateGraph } from "../policyGraphs.ts";
import { SessionPool } from "../sessionPool.ts";
import { fastestRun } from "./rates.ts";
import { SAMPLE_CONFIG } from "./sampleGraphs.ts";
import { sampleFeeds } from "./samplePolicy.ts";

const CONFIG: ModelConfig = {
  ...SAMPLE_CONFIG,
  vocabulary: 4096,
  hidden: 512,
  heads: 8,
  keyValueHeads: 2,
  headSize: 64,
  intermediate: 1408,
  maxPositions: 128,
};
/** Prompts, completions of each, and tokens of both: 1,276 rows. */
const [B, G, P, L] = [4, 8, 63, 32] as const;

/** Completion tokens in a second: those of a micro-batch by the time of its update and of as many decoding steps as it has tokens. */
export async function trainingRate(device: TrainingDevice, threads: number): Promise<number> {
  const pool = new SessionPool({ name: device, threads });
  try {
    const update = await milliseconds(pool, "update", updateGraph(CONFIG, { kind: "supervised" }, targetOf(device)), {
      ...{ B, G, P, L },
      M: 1,
    });
    const step = await milliseconds(pool, "step", stepGraph(CONFIG), { B, G, P, T: L });
    return (1000 * B * G * L) / (update + L * step);
  } finally {
    await pool.dispose();
  }
}

async function milliseconds(pool: SessionPool, name: string, graph: Graph, sizes: Sizes): Promise<number> {
  const session = await pool.get(name, () => graph);
  const feeds = sampleFeeds(graph, sizes);
  return fastestRun(() => session.run(feeds, sizes));
}
