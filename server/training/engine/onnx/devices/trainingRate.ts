/**
 * How fast a device trains from the host's memory, as CUDA does: with what crosses the bus, a step is of another speed than its products.
 * An adapter is what is trained, since a run of all weights sends them across for each token that it draws.
 */
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import type { Lora } from "../../lora.ts";
import { cardConstants } from "../cuda/cardConstants.ts";
import { stepGraph } from "../decoding/decoderGraphs.ts";
import type { Sizes } from "../graph/dims.ts";
import type { Graph } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import { updateGraph } from "../policyGraphs.ts";
import { targetOf } from "../runtime/deviceKinds.ts";
import { nothing, SessionPool } from "../runtime/sessionPool.ts";
import { fastestRun } from "./rates.ts";
import { SAMPLE_CONFIG } from "./sampleGraphs.ts";
import { sampleFeeds } from "./samplePolicy.ts";

/** Of 7.7 million parameters. */
const CONFIG: ModelConfig = {
  ...SAMPLE_CONFIG,
  vocabulary: 4096,
  hidden: 512,
  heads: 8,
  keyValueHeads: 2,
  headSize: 64,
  intermediate: 1408,
};
const LORA: Lora = { rank: 8, alpha: 16, rankStabilized: false, dropout: 0, targets: ["q_proj", "v_proj"] };
/** Prompts, completions of each, and tokens of both: 318 rows. */
const [B, G, P, L] = [2, 8, 31, 16] as const;

/** Completion tokens in a second: those of a micro-batch by the time of its update and of as many decoding steps as one of them has tokens. */
export async function trainingRate(device: TrainingDevice, threads: number): Promise<number> {
  const pool = new SessionPool({ name: device, threads });
  try {
    const [update, step] = [await updateTime(pool), await stepTime(pool)];
    return (1000 * B * G * L) / (update + L * step);
  } finally {
    await pool.dispose();
  }
}

/** Milliseconds. */
async function updateTime(pool: SessionPool): Promise<number> {
  const sizes = { B, G, P, L, M: 1 };
  const graph = updateGraph(CONFIG, { kind: "supervised" }, targetOf(pool.device.name), { lora: LORA });
  return runTime(pool, "update", graph, sizes);
}

async function stepTime(pool: SessionPool): Promise<number> {
  const sizes = { B, G, P, T: L };
  const graph = stepGraph(CONFIG, LORA);
  return runTime(pool, "step", graph, sizes);
}

async function runTime(pool: SessionPool, name: string, graph: Graph, sizes: Sizes): Promise<number> {
  const feeds = sampleFeeds(graph, sizes);
  const weights = new Map([...feeds].filter(([input]) => parameterShapes(CONFIG).has(input)));
  const onCard = cardConstants(pool, { config: CONFIG, lora: LORA }, weights);
  const session = await pool.get(name, () => graph, nothing, onCard);
  return fastestRun(() => session.run(feeds, sizes));
}
