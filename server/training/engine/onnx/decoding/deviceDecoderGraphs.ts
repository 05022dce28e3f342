/**
 * Decoding where keys and values never leave the device. A sequence's own are two blocks: the past, and a recent one of as
 * many positions all the time, zeros at first, which each token's entry is added to in its slot. A token then copies the recent
 * block alone; when that is full, it is merged into the past once. The shapes of a step change at merges only, because the device
 * compiles its programs anew for other shapes. Keys lie as the products read them, [N·h, d, T], since the device transposes
 * nothing on the way into a product. Position 0 of the past is a blank that no token attends to: an operator's input may not be empty.
 */

import type { Lora } from "../../lora.ts";
import { type Dim, times } from "../graph/dims.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { type Decoder, decoderOn, keys, queries, values } from "../model/layer.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { type Choice, drawToken, likeliestToken } from "../ops/drawing.ts";
import { addRaw, mulRaw } from "../ops/elementwise.ts";
import { concat, reshapeRaw, split } from "../ops/layout.ts";
import { matMulRaw } from "../ops/linear.ts";
import { byPrompt, bySequence, cachesOf, type Kind, N, nextToken, promptCache } from "./decoderGraphs.ts";

/** How a step ends: with a token of each row, drawn or likeliest, or with the distributions, for the host to draw from. */
export type Ending = "draw" | "likeliest" | "distributions";

/** Names of a layer's blocks. */
export const pastBlock = (layer: number, kind: Kind) => `past.${layer}.${kind}`;
export const recentBlock = (layer: number, kind: Kind) => `recent.${layer}.${kind}`;

/** Axis along which a block grows, and the shape of one of that many positions of S heads. */
const growing = { k: 2, v: 1 } as const;
const blockShape = (kind: Kind, s: Dim, positions: Dim, d: number): Dim[] =>
  kind === "k" ? [s, d, positions] : [s, positions, d];

/**
 * One step of N = B·G sequences. Inputs beside those of `nextToken`: `promptMask` [B, 1, 1, P], `pastMask` [T], `recentMask`
 * [R], `slot` [R] (1 where the token's entry belongs, 0 elsewhere), the prompts' caches, `past.<layer>.<k|v>` of T positions and
 * `recent.<layer>.<k|v>` of R; for a draw `u` [N, 1]. Outputs the recent blocks with the token's entry, and `drawn` [N, 3]
 * (token, log-probability, entropy of each row), or `probabilities` and `entropies`.
 */
export function deviceStepGraph(config: ModelConfig, target: Target, ending: Ending, lora?: Lora): Graph {
  const graph = new Graph(target);
  const decoder = decoderOn(graph, config, lora);
  const masks: Masks = {
    promptMask: graph.input("promptMask", ["B", 1, 1, "P"]),
    pastMask: graph.input("pastMask", ["T"]),
    recentMask: graph.input("recentMask", ["R"]),
    slot: graph.input("slot", ["R"]),
  };
  const { probabilities, entropies } = nextToken(decoder, (layer, normed, positions) =>
    deviceAttention(decoder, masks, layer, normed, positions),
  );
  if (ending === "distributions") {
    graph.output("probabilities", probabilities);
    graph.output("entropies", entropies);
    return graph;
  }
  const { index, chance } = choice(graph, ending, probabilities);
  graph.output("drawn", concat(graph, [index, graph.node("Log", [chance], [N, 1]), entropies], 1));
  return graph;
}

function choice(graph: Graph, ending: Ending, probabilities: Value): Choice {
  return ending === "draw"
    ? drawToken(graph, probabilities, graph.input("u", [N, 1]))
    : likeliestToken(graph, probabilities);
}

interface Masks {
  promptMask: Value;
  pastMask: Value;
  recentMask: Value;
  slot: Value;
}

/** One softmax over the shared prompt, the completion's own past, and what is recent, the token itself included. */
function deviceAttention(decoder: Decoder, masks: Masks, layer: number, normed: Value, positions: Value): Value {
  const { graph, config } = decoder;
  const { headSize: d, keyValueHeads: h } = config;
  const rep = config.heads / h;
  const s = times(N, h);
  const promptK = graph.input(promptCache(layer, "k"), ["B", h, d, "P"]);
  const promptV = graph.input(promptCache(layer, "v"), ["B", h, "P", d]);
  const past = (kind: Kind) => graph.input(pastBlock(layer, kind), blockShape(kind, s, "T", d));
  const recent = (kind: Kind, rows: Value) => {
    const entry = reshapeRaw(graph, rows, blockShape(kind, s, 1, d));
    const block = graph.input(recentBlock(layer, kind), blockShape(kind, s, "R", d));
    const slot = kind === "k" ? masks.slot : reshapeRaw(graph, masks.slot, ["R", 1]);
    const filled = addRaw(graph, block, mulRaw(graph, entry, slot));
    graph.output(recentBlock(layer, kind), filled);
    return filled;
  };
  const q = reshapeRaw(graph, queries(decoder, layer, normed, positions), [s, rep, d]);
  const recentK = recent("k", keys(decoder, layer, normed, positions));
  const recentV = recent("v", values(decoder, layer, normed));

  const promptScores = addRaw(graph, matMulRaw(graph, byPrompt(graph, q, h, rep, d), promptK), masks.promptMask);
  const pastScores = addRaw(graph, matMulRaw(graph, q, past("k")), masks.pastMask);
  const recentScores = addRaw(graph, matMulRaw(graph, q, recentK), masks.recentMask);
  const scores = concat(graph, [bySequence(graph, promptScores, h, rep, "P"), pastScores, recentScores], 2);
  const weights = graph.node("Softmax", [scores], scores.shape, { axis: -1 });
  const [promptW, pastW, recentW] = split(graph, weights, 2, ["P", "T", "R"]) as [Value, Value, Value];
  const fromPrompt = bySequence(graph, matMulRaw(graph, byPrompt(graph, promptW, h, rep, "P"), promptV), h, rep, d);
  const own = addRaw(graph, matMulRaw(graph, pastW, past("v")), matMulRaw(graph, recentW, recentV));
  return reshapeRaw(graph, addRaw(graph, fromPrompt, own), [N, config.heads * d]);
}

/** Merges full recent blocks of R positions into the past ones of T: outputs `past.<layer>.<k|v>`. */
export function mergeGraph(config: ModelConfig, target: Target): Graph {
  const graph = new Graph(target);
  for (const [layer, kind] of cachesOf(config)) {
    const shape = (positions: Dim) => blockShape(kind, "S", positions, config.headSize);
    const past = graph.input(pastBlock(layer, kind), shape("T"));
    const recent = graph.input(recentBlock(layer, kind), shape("R"));
    graph.output(pastBlock(layer, kind), concat(graph, [past, recent], growing[kind]));
  }
  return graph;
}

/**
 * Keeps the groups `groups` [C] of B and the sequences `rows` [K] of N: the prompts' caches, their mask `promptMask`
 * [B, 1, 1, P] and the own blocks, under the names they have.
 */
export function keepGraph(config: ModelConfig, target: Target): Graph {
  const graph = new Graph(target);
  const { keyValueHeads: h, headSize: d } = config;
  const [groups, rows] = [graph.input("groups", ["C"], "int64"), graph.input("rows", ["K"], "int64")];
  const gather = (value: Value, indices: Value) =>
    graph.node("Gather", [value, indices], [indices.shape[0] as Dim, ...value.shape.slice(1)], { axis: 0 });
  const keepGroups = (name: string, shape: Dim[]) => graph.output(name, gather(graph.input(name, shape), groups));
  const keepRows = (name: string, kind: Kind, positions: Dim) => {
    const block = graph.input(name, blockShape(kind, times("N", h), positions, d));
    const kept = gather(reshapeRaw(graph, block, ["N", times(h, positions, d)]), rows);
    graph.output(name, reshapeRaw(graph, kept, blockShape(kind, times("K", h), positions, d)));
  };
  keepGroups("promptMask", ["B", 1, 1, "P"]);
  for (const [layer, kind] of cachesOf(config)) {
    keepGroups(promptCache(layer, kind), kind === "k" ? ["B", h, d, "P"] : ["B", h, "P", d]);
    keepRows(pastBlock(layer, kind), kind, "T");
    keepRows(recentBlock(layer, kind), kind, "R");
  }
  return graph;
}

/** The prompts' caches of A prompts, `first:<name>`, and then of B, `second:<name>`, under their names. */
export function joinGraph(config: ModelConfig, target: Target): Graph {
  const graph = new Graph(target);
  const { keyValueHeads: h, headSize: d } = config;
  for (const [layer, kind] of cachesOf(config)) {
    const name = promptCache(layer, kind);
    const rest: Dim[] = kind === "k" ? [h, d, "P"] : [h, "P", d];
    const parts = [graph.input(`first:${name}`, ["A", ...rest]), graph.input(`second:${name}`, ["B", ...rest])];
    graph.output(name, concat(graph, parts, 0));
  }
  return graph;
}
