/** The pieces of a Qwen2 decoder layer that scoring, prefilling and decoding have in common. */
import { type Dim, times } from "./dims.ts";
import type { Graph, Value } from "./graph.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { add } from "./ops/elementwise.ts";
import { reshape, transpose } from "./ops/layout.ts";
import { linear } from "./ops/linear.ts";
import { rmsNorm } from "./ops/normalization.ts";
import { type RotaryTables, rotaryTables, rotate } from "./ops/rotary.ts";
import { swiglu } from "./ops/swiglu.ts";
import { parameterShapes } from "./parameters.ts";

export type Parameters = ReadonlyMap<string, Value>;

/** A graph under construction with what every layer of it reads. */
export interface Decoder {
  graph: Graph;
  config: ModelConfig;
  parameters: Parameters;
  /** The queries' tables also carry the 1/√headSize of attention. */
  queryTables: RotaryTables;
  keyTables: RotaryTables;
}

/** Declares every parameter of the policy as an input of the graph. */
export function decoderOn(graph: Graph, config: ModelConfig): Decoder {
  const { maxPositions, headSize, ropeTheta } = config;
  return {
    graph,
    config,
    parameters: new Map([...parameterShapes(config)].map(([name, shape]) => [name, graph.input(name, shape)])),
    queryTables: rotaryTables(graph, maxPositions, headSize, ropeTheta, headSize ** -0.5),
    keyTables: rotaryTables(graph, maxPositions, headSize, ropeTheta, 1),
  };
}

export function parameter({ parameters }: Decoder, name: string): Value {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`The policy has no parameter ${name}`);
  return value;
}

/** A parameter of one layer. */
export function layerParameter(decoder: Decoder, layer: number, name: string): Value {
  return parameter(decoder, `model.layers.${layer}.${name}`);
}

/** Queries, keys or values of token rows: [N, heads·headSize]. */
export function project(decoder: Decoder, layer: number, name: "q" | "k" | "v", rows: Value): Value {
  const at = (part: string) => layerParameter(decoder, layer, `self_attn.${name}_proj.${part}`);
  return linear(decoder.graph, rows, at("weight"), at("bias"));
}

/** Token rows [N, heads·headSize] rotated to their positions [N, 1]. */
export function rotated(graph: Graph, rows: Value, positions: Value, tables: RotaryTables): Value {
  const [n, columns] = rows.shape as [Dim, number];
  return reshape(graph, rotate(graph, reshape(graph, rows, [n, 1, columns]), positions, tables), [n, columns]);
}

/** x normalized by one of a layer's two norms. */
export function layerNorm(decoder: Decoder, layer: number, name: "input" | "post_attention", x: Value): Value {
  return rmsNorm(
    decoder.graph,
    x,
    layerParameter(decoder, layer, `${name}_layernorm.weight`),
    decoder.config.normEpsilon,
  );
}

/** The residual stream after attention's output projection and the feed-forward layer. */
export function finishLayer(decoder: Decoder, layer: number, residual: Value, attended: Value): Value {
  const { graph } = decoder;
  const at = (name: string) => layerParameter(decoder, layer, name);
  const middle = add(graph, residual, linear(graph, attended, at("self_attn.o_proj.weight")));
  const inner = layerNorm(decoder, layer, "post_attention", middle);
  const gate = linear(graph, inner, at("mlp.gate_proj.weight"));
  const up = linear(graph, inner, at("mlp.up_proj.weight"));
  return add(graph, middle, linear(graph, swiglu(graph, gate, up), at("mlp.down_proj.weight")));
}

/** Hidden states after the last norm. */
export function finalNorm(decoder: Decoder, x: Value): Value {
  return rmsNorm(decoder.graph, x, parameter(decoder, "model.norm.weight"), decoder.config.normEpsilon);
}

/** Logits [rows, V] of hidden states [rows, hidden]. */
export function logits(decoder: Decoder, states: Value): Value {
  const head = decoder.config.tied ? "model.embed_tokens.weight" : "lm_head.weight";
  return linear(decoder.graph, states, parameter(decoder, head));
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
