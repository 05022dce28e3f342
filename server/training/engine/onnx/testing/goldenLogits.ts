/** What ONNX Runtime says of every token of the vocabulary along given completions: as training sees them, and as sampling does. */
import { type Lora, scaleOf } from "../../lora.ts";
import type { Group } from "../../policyEngine.ts";
import { ADAPTER_SCALE, adapterShapes } from "../adapter/adapterParameters.ts";
import { readAdapter } from "../adapter/peft/peftFiles.ts";
import { microBatches } from "../batching/cutting.ts";
import { batchFeeds } from "../batching/microBatch.ts";
import { newEntry, prefillGraph, stepGraph } from "../decoding/decoderGraphs.ts";
import { prefilledCaches } from "../decoding/hostDecoding.ts";
import { Graph } from "../graph/graph.ts";
import { decoderOn, logits } from "../model/layer.ts";
import { type ModelConfig, readModelConfig } from "../model/modelConfig.ts";
import { completionStates } from "../model/transformer.ts";
import { type Inputs, loadWeights, type Weights } from "../model/weights.ts";
import { type Feed, GraphSession } from "../runtime/session.ts";
import { goldenAdapter, goldenDir, goldenLora } from "./golden.ts";

/** [group][completion][token], each the numbers of one distribution. */
export type Distributions = Float32Array[][][];

const CPU = { device: "cpu", threads: 2 } as const;

/** What graphs are built from, and what they are fed. */
export interface Policy<W extends Inputs = Inputs> {
  config: ModelConfig;
  weights: W;
  lora?: Lora;
}

export function policyIn(dir: string): Policy<Weights> {
  const config = readModelConfig(dir);
  return { config, weights: loadWeights(dir, config) };
}

/** The policy of one of `adaptedModels`, with its adapter. */
export function adaptedPolicy(model: string): Policy<Weights> & { lora: Lora } {
  const { config, weights } = policyIn(goldenDir(model));
  const lora = goldenLora(model);
  const shapes = adapterShapes(config, lora);
  const adapter = new Map([...shapes].map(([name, [a, b]]) => [name, new Float32Array((a ?? 0) * (b ?? 0))]));
  readAdapter(goldenAdapter(model), lora, adapter, shapes);
  const scale = Float32Array.of(scaleOf(lora));
  return { config, lora, weights: new Map([...weights, ...adapter, [ADAPTER_SCALE, scale]]) };
}

/** Logits of the graph that training differentiates. */
export async function trainingLogits(
  { config, weights, lora }: Policy,
  groups: readonly Group[],
): Promise<Distributions> {
  const graph = new Graph("cpu");
  const decoder = decoderOn(graph, config, lora);
  graph.output("logits", logits(decoder, completionStates(decoder)));
  const session = await GraphSession.create(graph, CPU);
  const found: Distributions = groups.map(({ completions }) => completions.map(() => []));
  for (const batch of microBatches(groups, 40)) {
    const outputs = await session.run(new Map([...weights, ...batchFeeds(groups, batch)]), batch.sizes);
    for (const { group, completion, first, length } of batch.spans)
      (found[group] as Float32Array[][])[completion] = Array.from({ length }, (_, t) =>
        rowOf(outputs.get("logits") as Float32Array, first + t, config.vocabulary),
      );
  }
  await session.dispose();
  return found;
}

/** Log-probabilities of the two graphs of sampling, stepped over completions that are given; every group has equally many. */
export async function decodedLogprobs(
  { config, weights, lora }: Policy,
  groups: readonly Group[],
): Promise<Distributions> {
  const prefill = await GraphSession.create(prefillGraph(config, "cpu", lora), CPU);
  const step = await GraphSession.create(stepGraph(config, lora), CPU);
  const prompts = groups.map(({ prompt }) => prompt);
  const caches = await prefilledCaches(prefill, config, weights, prompts, groups[0]?.completions.length as number);
  const sequences = groups.flatMap(({ prompt, completions }, group) =>
    completions.map((tokens, completion) => ({ prompt, tokens, group, completion })),
  );
  const found: Distributions = groups.map(({ completions }) => completions.map(() => []));
  for (let t = 0; t < Math.max(...sequences.map(({ tokens }) => tokens.length)); t++) {
    const seen = ({ prompt, tokens }: (typeof sequences)[number]) =>
      BigInt((t === 0 ? prompt.at(-1) : tokens[Math.min(t, tokens.length) - 1]) as number);
    const feeds = new Map<string, Feed>([
      ...weights,
      ...caches.feeds(),
      ["ids", BigInt64Array.from(sequences, seen)],
      ["positions", BigInt64Array.from(sequences, ({ prompt }) => BigInt(prompt.length - 1 + t))],
      ["inverseTemperature", Float32Array.of(1)],
    ]);
    const outputs = await step.run(feeds, caches.sizes);
    caches.append((layer, kind) => outputs.get(newEntry(layer, kind)) as Float32Array);
    for (const [row, { group, completion, tokens }] of sequences.entries()) {
      const probabilities = rowOf(outputs.get("probabilities") as Float32Array, row, config.vocabulary);
      if (t < tokens.length) found[group]?.[completion]?.push(probabilities.map(Math.log));
    }
  }
  await Promise.all([prefill.dispose(), step.dispose()]);
  return found;
}

const rowOf = (rows: Float32Array, row: number, width: number) => rows.slice(row * width, (row + 1) * width);
