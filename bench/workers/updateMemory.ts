/** Peak memory of one gradient of a random policy, or of an adapter of it, under a memory plan. The optimizer's share is not in it. */
import { type Lora, scaleOf } from "../../server/training/engine/lora.ts";
import { ADAPTER_SCALE, adapterShapes } from "../../server/training/engine/onnx/adapter/adapterParameters.ts";
import { microBatches } from "../../server/training/engine/onnx/batching/cutting.ts";
import { batchFeeds, type MicroBatch, tokenFeed } from "../../server/training/engine/onnx/batching/microBatch.ts";
import { formOf } from "../../server/training/engine/onnx/frozen/forms.ts";
import { frozenParts, frozenProjections } from "../../server/training/engine/onnx/frozen/frozenParameters.ts";
import type { ModelConfig } from "../../server/training/engine/onnx/model/modelConfig.ts";
import { parameterShapes } from "../../server/training/engine/onnx/model/parameters.ts";
import { type InputArray, ownMemory } from "../../server/training/engine/onnx/model/weights.ts";
import { gradientOf, type MemoryPlan, updateGraph } from "../../server/training/engine/onnx/policyGraphs.ts";
import { type Feed, GraphSession } from "../../server/training/engine/onnx/runtime/session.ts";
import type { Group } from "../../server/training/engine/policyEngine.ts";

export interface MemoryCase {
  config: ModelConfig;
  /** One prompt of promptLength tokens with `completions` completions of completionLength. */
  promptLength: number;
  completions: number;
  completionLength: number;
  plan: MemoryPlan;
  lora?: Lora;
  threads: number;
}

export interface MemoryFound {
  /** Of weights, gradients and runtime before the first run; and the highest that the process came to. */
  restingBytes: number;
  peakBytes: number;
  /** Of some gradients, to see that plans agree. */
  gradientNorms: Record<string, number>;
}

const { config, promptLength, completions, completionLength, plan, lora, threads } = JSON.parse(
  process.argv[2] as string,
) as MemoryCase;

let state = 1;
/** Uniform in ±0.5, the same for every plan. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
}
const weights = new Map<string, InputArray>();
const gradient = new Map<string, Float32Array>();
const form = lora?.frozen;
const projections = new Map(form === undefined ? [] : frozenProjections(config).map((one) => [one.name, one]));
/** What is brought into the form at once lies here: garbage would be counted as memory of the run. */
const scratch = new Float32Array(Math.max(0, ...[...projections.values()].map(({ out, input }) => out * input)));

function filled(values: Float32Array, name: string): Float32Array {
  const scale = 2 / Math.sqrt(config.hidden);
  for (const i of values.keys()) values[i] = name.endsWith("norm.weight") ? 1 : scale * random();
  return values;
}

const lengthOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

for (const [name, shape] of parameterShapes(config)) {
  const projection = projections.get(name);
  const length = lengthOf(shape);
  if (form === undefined || projection === undefined) weights.set(name, filled(new Float32Array(length), name));
  else {
    const values = filled(scratch.subarray(0, length), name);
    const data = formOf(form).keep(values, projection, ownMemory);
    for (const [i, part] of frozenParts(projection, form, "cpu").entries())
      weights.set(part.name, data[i] as InputArray);
  }
  if (lora === undefined) gradient.set(gradientOf(name), new Float32Array(length).fill(0));
}
if (lora !== undefined) {
  for (const [name, shape] of adapterShapes(config, lora)) {
    weights.set(name, filled(new Float32Array(lengthOf(shape)), name));
    gradient.set(gradientOf(name), new Float32Array(lengthOf(shape)).fill(0));
  }
  weights.set(ADAPTER_SCALE, Float32Array.of(scaleOf(lora)));
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
const session = await GraphSession.create(updateGraph(config, objective, "cpu", { ...plan, lora }), {
  device: "cpu",
  threads,
});
const restingBytes = process.memoryUsage.rss();
await session.run(feeds, batch.sizes, gradient);
const watched = lora
  ? [...gradient.keys()].slice(0, 2)
  : ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight", "model.norm.weight"].map(gradientOf);
const found: MemoryFound = {
  restingBytes,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  gradientNorms: Object.fromEntries(
    watched.map((name) => [
      name.slice(gradientOf("").length),
      Math.sqrt((gradient.get(name) as Float32Array).reduce((s, g) => s + g * g, 0)),
    ]),
  ),
};
console.log(JSON.stringify(found));
