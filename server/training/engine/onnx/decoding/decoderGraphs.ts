/**
 * The two graphs of sampling. A prompt is prefilled once; the G completions of its group read its keys and values from one
 * shared copy. On the host each completion's own keys and values are kept position by position, [T, N·h, d], so that
 * appending a token writes at the end of an array and the first T positions are a view of it: nothing is ever copied to grow
 * a cache. A device has its own step (deviceDecoderGraphs.ts).
 */
import type { Lora } from "../../lora.ts";
import { type Dim, plus, times } from "../graph/dims.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import {
  type Decoder,
  decoderOn,
  finalNorm,
  finishLayer,
  keys,
  layerNorm,
  logits,
  parameter,
  perHead,
  queries,
  tokenRows,
  values,
} from "../model/layer.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { attention } from "../ops/attention.ts";
import { addRaw, mulRaw } from "../ops/elementwise.ts";
import { embedding } from "../ops/embedding.ts";
import { concat, reshapeRaw, split, transposeRaw } from "../ops/layout.ts";
import { matMulRaw, matMulTransposed } from "../ops/linear.ts";
import { entropyOf, logSoftmax } from "../ops/logprobs.ts";

const KINDS = ["k", "v"] as const;
/** Keys or values. */
export type Kind = (typeof KINDS)[number];

/** Every cache of a policy: keys and values of each layer. */
export function* cachesOf({ layers }: ModelConfig): Generator<[layer: number, kind: Kind]> {
  for (let layer = 0; layer < layers; layer++) for (const kind of KINDS) yield [layer, kind];
}

/** Names of the cached tensors of a layer. */
export const promptCache = (layer: number, kind: Kind) => `prompt.${layer}.${kind}`;
export const ownCache = (layer: number, kind: Kind) => `own.${layer}.${kind}`;
export const newEntry = (layer: number, kind: Kind) => `new.${layer}.${kind}`;

/**
 * Keys and values [B, h, P, d] of B prompts: outputs `prompt.<layer>.<k|v>`. On WebGPU, whose products transpose nothing, keys
 * are kept as the products read them, [B, h, d, P].
 * Inputs `ids` [B·P], `positions` [B·P, 1], `promptMask` [1, 1, P, P].
 */
export function prefillGraph(config: ModelConfig, target: Target, lora?: Lora): Graph {
  const graph = new Graph(target);
  const decoder = decoderOn(graph, config, lora);
  const { headSize: d, keyValueHeads: h } = config;
  const rows = times("B", "P");
  const layout = { lead: ["B"], length: "P" };
  const positions = graph.input("positions", [rows, 1], "int64");
  const mask = graph.input("promptMask", [1, 1, "P", "P"]);
  let x = embedding(graph, parameter(decoder, "model.embed_tokens.weight"), graph.input("ids", [rows], "int64"));
  for (let layer = 0; layer < config.layers; layer++) {
    const normed = layerNorm(decoder, layer, "input", x);
    const k = perHead(graph, keys(decoder, layer, normed, positions), layout, [h], d);
    const v = perHead(graph, values(decoder, layer, normed), layout, [h], d);
    graph.output(promptCache(layer, "k"), target === "cpu" ? k : transposeRaw(graph, k, [0, 1, 3, 2]));
    graph.output(promptCache(layer, "v"), v);
    if (layer === config.layers - 1) break;
    const heads = [h, config.heads / h] as const;
    const q = perHead(graph, queries(decoder, layer, normed, positions), layout, heads, d);
    const attended = attention(graph, q, k, v, mask, ["B", config.heads, "P", "P"]);
    x = finishLayer(decoder, layer, x, tokenRows(graph, attended, layout, heads, d));
  }
  return graph;
}

/** Sequences decoded together: G for each of B prompts. */
export const N = times("B", "G");

/** A layer's attention in one decoding step, from normalized token rows at their positions [N, 1]: [N, heads·headSize]. */
export type StepAttention = (layer: number, normed: Value, positions: Value) => Value;

/**
 * What the policy says after one more token of N = B·G sequences: `probabilities` [N, V] and `entropies` [N, 1]. Declares the
 * inputs `ids` [N], `positions` [N, 1] and the scalar `inverseTemperature`.
 */
export function nextToken(decoder: Decoder, attention: StepAttention): { probabilities: Value; entropies: Value } {
  const { graph, config } = decoder;
  const positions = graph.input("positions", [N, 1], "int64");
  let x = embedding(graph, parameter(decoder, "model.embed_tokens.weight"), graph.input("ids", [N], "int64"));
  for (let layer = 0; layer < config.layers; layer++) {
    const normed = layerNorm(decoder, layer, "input", x);
    x = finishLayer(decoder, layer, x, attention(layer, normed, positions));
  }
  const cooled = mulRaw(graph, finalNorm(decoder, x), graph.input("inverseTemperature", []));
  const z = logits(decoder, cooled);
  const logP = logSoftmax(graph, z);
  const p = graph.node("Exp", [logP], z.shape);
  return { probabilities: p, entropies: entropyOf(graph, logP, p) };
}

/**
 * One decoding step on the host. Further inputs `promptMask` [B, 1, 1, P], `ownMask` [T] and the caches. Outputs
 * `probabilities`, `entropies` and the new entries `new.<layer>.<k|v>` [N·h, 1, d].
 */
export function stepGraph(config: ModelConfig, lora?: Lora): Graph {
  const graph = new Graph("cpu");
  const decoder = decoderOn(graph, config, lora);
  const masks: Masks = {
    promptMask: graph.input("promptMask", ["B", 1, 1, "P"]),
    ownMask: graph.input("ownMask", ["T"]),
  };
  const { probabilities, entropies } = nextToken(decoder, (layer, normed, positions) =>
    hostAttention(decoder, masks, layer, normed, positions),
  );
  graph.output("probabilities", probabilities);
  graph.output("entropies", entropies);
  return graph;
}

interface Masks {
  promptMask: Value;
  ownMask: Value;
}

/** One softmax over the shared prompt, the completion's own past, and the token itself. */
function hostAttention(decoder: Decoder, masks: Masks, layer: number, normed: Value, positions: Value): Value {
  const { graph, config } = decoder;
  const { headSize: d, keyValueHeads: h } = config;
  const rep = config.heads / h;
  const sequences = times(N, h);
  const own = (rows: Value, heads: number) => reshapeRaw(graph, rows, [sequences, heads, d]);

  const q = own(queries(decoder, layer, normed, positions), rep);
  const k = own(keys(decoder, layer, normed, positions), 1);
  const v = own(values(decoder, layer, normed), 1);
  graph.output(newEntry(layer, "k"), k);
  graph.output(newEntry(layer, "v"), v);
  const pastK = graph.input(ownCache(layer, "k"), ["T", sequences, d]);
  const pastV = graph.input(ownCache(layer, "v"), ["T", sequences, d]);
  const promptK = graph.input(promptCache(layer, "k"), ["B", h, "P", d]);
  const promptV = graph.input(promptCache(layer, "v"), ["B", h, "P", d]);

  const promptScores = addRaw(
    graph,
    matMulTransposed(graph, byPrompt(graph, q, h, rep, d), promptK, false, true),
    masks.promptMask,
  );
  const pastScores = addRaw(graph, positionMajorProduct(graph, q, pastK, true), masks.ownMask);
  const selfScores = graph.node("ReduceSum", [mulRaw(graph, q, k), graph.integers(-1)], [sequences, rep, 1], {
    keepdims: 1,
  });
  const scores = concat(graph, [bySequence(graph, promptScores, h, rep, "P"), pastScores, selfScores], 2);
  const weights = graph.node("Softmax", [scores], [sequences, rep, plus("P", "T", 1)], { axis: -1 });
  const [promptW, pastW, selfW] = split(graph, weights, 2, ["P", "T", 1]) as [Value, Value, Value];

  const fromPrompt = bySequence(graph, matMulRaw(graph, byPrompt(graph, promptW, h, rep, "P"), promptV), h, rep, d);
  const fromPast = positionMajorProduct(graph, pastW, pastV, false);
  const attended = addRaw(graph, addRaw(graph, fromPrompt, fromPast), mulRaw(graph, selfW, v));
  return reshapeRaw(graph, attended, [N, config.heads * d]);
}

/** [B·G·h, rep, n] to [B, h, G·rep, n]: all rows that read one prompt's head, together. */
export function byPrompt(graph: Graph, value: Value, h: number, rep: number, n: Dim): Value {
  const turned = transposeRaw(graph, reshapeRaw(graph, value, ["B", "G", h, rep, n]), [0, 2, 1, 3, 4]);
  return reshapeRaw(graph, turned, ["B", h, times("G", rep), n]);
}

/** The inverse of byPrompt. */
export function bySequence(graph: Graph, value: Value, h: number, rep: number, n: Dim): Value {
  const turned = transposeRaw(graph, reshapeRaw(graph, value, ["B", h, "G", rep, n]), [0, 2, 1, 3, 4]);
  return reshapeRaw(graph, turned, [times(N, h), rep, n]);
}

/** a [S, rep, d] times the cache [T, S, d] transposed, [S, rep, T]; or a [S, rep, T] times the cache, [S, rep, d]. */
function positionMajorProduct(graph: Graph, a: Value, cache: Value, transposed: boolean): Value {
  const [t, sequences, d] = cache.shape as [Dim, Dim, Dim];
  const shape = [sequences, a.shape[1] as Dim, transposed ? t : d];
  return graph.node("com.microsoft:FusedMatMul", [a, cache], shape, { transBatchB: 1, transB: Number(transposed) });
}
