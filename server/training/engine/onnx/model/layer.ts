/** The pieces of a decoder layer that scoring, prefilling and decoding have in common. */
import type { Lora } from "../../lora.ts";
import { adapted, adapterOn, type GraphAdapter } from "../adapter/adapterGraph.ts";
import { type FrozenLinear, frozenOn } from "../frozen/frozenParameters.ts";
import { type Dim, times } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { add } from "../ops/elementwise.ts";
import { reshape, transpose } from "../ops/layout.ts";
import { linear } from "../ops/linear.ts";
import { rmsNorm } from "../ops/normalization.ts";
import { type RotaryTables, rotaryTables, rotate } from "../ops/rotary.ts";
import { swiglu } from "../ops/swiglu.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";
import { layerName, type Projection, projectionName } from "./projections.ts";
import { rotaryFrequencies } from "./rotaryFrequencies.ts";

export type Parameters = ReadonlyMap<string, Value>;

/** A graph under construction with what every layer of it reads. */
export interface Decoder {
  graph: Graph;
  config: ModelConfig;
  parameters: Parameters;
  /** Layers whose weights are kept in another form than float32, by the names of these. */
  frozen: ReadonlyMap<string, FrozenLinear>;
  adapter: GraphAdapter | undefined;
  /** The queries' tables also carry the 1/√headSize of attention. */
  queryTables: RotaryTables;
  keyTables: RotaryTables;
}

/** Declares every parameter of the policy, and of its adapter where it has one, as an input of the graph. */
export function decoderOn(graph: Graph, config: ModelConfig, lora?: Lora): Decoder {
  const { maxPositions, headSize } = config;
  const frequencies = rotaryFrequencies(headSize, config.ropeTheta, config.ropeScaling);
  const frozen = lora?.frozen === undefined ? new Map() : frozenOn(graph, config, lora.frozen);
  const whole = [...parameterShapes(config)].filter(([name]) => !frozen.has(name));
  return {
    graph,
    config,
    parameters: new Map(whole.map(([name, shape]) => [name, graph.input(name, shape)])),
    frozen,
    adapter: lora && adapterOn(graph, config, lora),
    queryTables: rotaryTables(graph, maxPositions, frequencies, headSize ** -0.5),
    keyTables: rotaryTables(graph, maxPositions, frequencies, 1),
  };
}

export function parameter({ parameters }: Decoder, name: string): Value {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`The policy has no parameter ${name}`);
  return value;
}

/** One of a layer's linear projections of token rows, [N, in] to [N, out]: there is no other way to any of them. */
function project(decoder: Decoder, layer: number, name: Projection, rows: Value): Value {
  const { graph } = decoder;
  const [weight, biasName] = (["weight", "bias"] as const).map((part) => projectionName(layer, name, part)) as [
    string,
    string,
  ];
  const bias = decoder.config.biases.includes(name) ? parameter(decoder, biasName) : undefined;
  const frozen = decoder.frozen.get(weight);
  const projected = frozen ? frozen(rows, bias) : linear(graph, rows, parameter(decoder, weight), bias);
  return adapted(graph, decoder.adapter, layer, name, rows, projected);
}

/** Values of normalized token rows: [N, keyValueHeads·headSize]. */
export function values(decoder: Decoder, layer: number, normed: Value): Value {
  return project(decoder, layer, "v_proj", normed);
}

/** Queries of normalized token rows at their positions [N, 1], scaled by 1/√headSize: [N, heads·headSize]. */
export function queries(decoder: Decoder, layer: number, normed: Value, positions: Value): Value {
  return located(decoder, layer, "q", normed, positions, decoder.queryTables);
}

/** Keys of normalized token rows at their positions [N, 1]: [N, keyValueHeads·headSize]. */
export function keys(decoder: Decoder, layer: number, normed: Value, positions: Value): Value {
  return located(decoder, layer, "k", normed, positions, decoder.keyTables);
}

/** Queries or keys, rotated to their positions [N, 1]. */
function located(
  decoder: Decoder,
  layer: number,
  name: "q" | "k",
  normed: Value,
  positions: Value,
  tables: RotaryTables,
): Value {
  const { graph, config } = decoder;
  const projected = project(decoder, layer, `${name}_proj`, normed);
  const rows = config.headNorms ? headNorm(decoder, layer, name, projected) : projected;
  const [n, columns] = rows.shape as [Dim, number];
  return reshape(graph, rotate(graph, reshape(graph, rows, [n, 1, columns]), positions, tables), [n, columns]);
}

/** Token rows [N, heads·headSize] with each head normalized by itself, all by the same weight [headSize]. */
function headNorm(decoder: Decoder, layer: number, name: "q" | "k", rows: Value): Value {
  const { graph, config } = decoder;
  const [n, columns] = rows.shape as [Dim, number];
  const heads = reshape(graph, rows, [times(n, columns / config.headSize), config.headSize]);
  return reshape(graph, norm(decoder, layerName(layer, `self_attn.${name}_norm.weight`), heads), [n, columns]);
}

/** x normalized by one of a layer's two norms. */
export function layerNorm(decoder: Decoder, layer: number, name: "input" | "post_attention", x: Value): Value {
  return norm(decoder, layerName(layer, `${name}_layernorm.weight`), x);
}

function norm(decoder: Decoder, weight: string, x: Value): Value {
  return rmsNorm(decoder.graph, x, parameter(decoder, weight), decoder.config.normEpsilon);
}

/** The residual stream after attention's output projection and the feed-forward layer. */
export function finishLayer(decoder: Decoder, layer: number, residual: Value, attended: Value): Value {
  const { graph } = decoder;
  const middle = add(graph, residual, project(decoder, layer, "o_proj", attended));
  const inner = layerNorm(decoder, layer, "post_attention", middle);
  const gate = project(decoder, layer, "gate_proj", inner);
  const up = project(decoder, layer, "up_proj", inner);
  return add(graph, middle, project(decoder, layer, "down_proj", swiglu(graph, gate, up)));
}

/** Hidden states after the last norm. */
export function finalNorm(decoder: Decoder, x: Value): Value {
  return norm(decoder, "model.norm.weight", x);
}

/** Logits [rows, V] of hidden states [rows, hidden]. */
export function logits(decoder: Decoder, states: Value): Value {
  return linear(decoder.graph, states, headWeight(decoder));
}

/** Weight of the language-model head, [V, hidden]. */
export function headWeight(decoder: Decoder): Value {
  return parameter(decoder, decoder.config.tied ? "model.embed_tokens.weight" : "lm_head.weight");
}

/** How token rows of one kind are indexed: prompts [B, P], completions [B, G, L]. */
export interface RowLayout {
  lead: readonly Dim[];
  length: Dim;
}

/**
 * Token rows [lead·length, heads·d] to [lead…, h, rep·length, d], where heads is [h] for keys and values and [h, rep] for
 * queries: the rep query heads that share a key head lie one after another.
 */
export function perHead(
  graph: Graph,
  rows: Value,
  { lead, length }: RowLayout,
  heads: readonly number[],
  d: number,
): Value {
  const n = lead.length;
  const cut = reshape(graph, rows, [...lead, length, ...heads, d]);
  const turned = transpose(graph, cut, [...lead.keys(), ...heads.map((_, i) => n + 1 + i), n, n + 1 + heads.length]);
  if (heads.length === 1) return turned;
  return reshape(graph, turned, [...lead, heads[0] as number, times(heads[1] as number, length), d]);
}

/** The inverse of perHead for queries: [lead…, h, rep·length, d] to token rows. */
export function tokenRows(
  graph: Graph,
  value: Value,
  { lead, length }: RowLayout,
  [h, rep]: readonly [number, number],
  d: number,
): Value {
  const n = lead.length;
  const cut = reshape(graph, value, [...lead, h, rep, length, d]);
  const turned = transpose(graph, cut, [...lead.keys(), n + 2, n, n + 1, n + 3]);
  return reshape(graph, turned, [times(...lead, length), h * rep * d]);
}
