/** Peak memory of one gradient of a random policy, under a memory plan. The optimizer's share is not in it. */
import { microBatches } from "../../server/training/engine/onnx/batching/cutting.ts";
import { batchFeeds, type MicroBatch, tokenFeed } from "../../server/training/engine/onnx/batching/microBatch.ts";
import type { ModelConfig } from "../../server/training/engine/onnx/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/parameters.ts";
import { gradientOf, type MemoryPlan, updateGraph } from "../../server/training/engine/onnx/policyGraphs.ts";
import { type Feed, GraphSession } from "../../server/training/engine/onnx/session.ts";
import type { Group } from "../../server/training/engine/policyEngine.ts";

export interface MemoryCase {
  config: ModelConfig;
  /** One prompt of promptLength tokens with `completions` completions of completionLength. */
  promptLength: number;
  completions: number;
  completionLength: number;
  plan: MemoryPlan;
  threads: number;
}

export interface MemoryFound {
  /** Of weights, gradients and runtime before the first run; and the highest that the process came to. */
  restingBytes: number;
  peakBytes: number;
  /** Of some gradients, to see that plans agree. */
  gradientNorms: Record<string, number>;
}

const { config, promptLength, completions, completionLength, plan, threads } = JSON.parse(
  process.argv[2] as string,
) as MemoryCase;

let state = 1;
/** Uniform in ±0.5, the same for every plan. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
}
const weights = new Map<string, Float32Array>();
const gradient = new Map<string, Float32Array>();
for (const [name, shape] of parameterShapes(config)) {
  const length = shape.reduce((product, size) => product * size, 1);
  const scale = name.endsWith("norm.weight") ? 0 : 2 / Math.sqrt(config.hidden);
  weights.set(
    name,
    Float32Array.from({ length }, () => (scale === 0 ? 1 : scale * random())),
  );
  gradient.set(gradientOf(name), new Float32Array(length).fill(0));
}
const tokens = (length: number) => Int32Array.from({ length }, () => Math.floor((random() + 0.5) * config.vocabulary));
const groups: Group[] = [
  { prompt: tokens(promptLength), completions: Array.from({ length: completions }, () => tokens(completionLength)) },
];
const batches = microBatches(groups, 1 << 20);
const [batch] = batches as [MicroBatch];
if (batches.length !== 1) throw new Error(`${batches.length} micro-batches`);
const feeds = new Map<string, Feed>([...weights, ...batchFeeds(groups, batch)]);
feeds.set("inverseTemperature", Float32Array.of(1));
for (const [name, value] of [
  ["weights", 1 / (completions * completionLength)],
  ["advantages", 1],
  ["oldLogprobs", -12],
] as const) {
  feeds.set(
    name,
    tokenFeed(batch, () => value),
  );
}
const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k3", entropy: 0.001 } as const;
const session = await GraphSession.create(updateGraph(config, objective, "cpu", plan), { device: "cpu", threads });
const restingBytes = process.memoryUsage.rss();
await session.run(feeds, batch.sizes, gradient);
const watched = ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight", "model.norm.weight"];
const found: MemoryFound = {
  restingBytes,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  gradientNorms: Object.fromEntries(
    watched.map((name) => [
      name,
      Math.sqrt((gradient.get(gradientOf(name)) as Float32Array).reduce((s, g) => s + g * g, 0)),
    ]),
  ),
};
console.log(JSON.stringify(found));
