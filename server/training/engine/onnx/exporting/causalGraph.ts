/**
 * The policy as others run it: token ids, mask, positions and a cache in; logits and the longer cache out. The names and layouts
 * are those that Optimum introduced, which transformers.js and onnxruntime-genai read.
 */

import { FORBIDDEN } from "../batching/microBatch.ts";
import { type Dim, plus, times } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
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
import { embedding } from "../ops/embedding.ts";
import { concat, reshapeRaw } from "../ops/layout.ts";
import { SelfSizedGraph } from "./selfSizedGraph.ts";

type Part = "key" | "value";
export const pastName = (layer: number | "%d", part: Part) => `past_key_values.${layer}.${part}`;
export const presentName = (layer: number | "%d", part: Part) => `present.${layer}.${part}`;

const TOKENS = ["batch", "sequence"] as const;
const ROWS = times(...TOKENS);
const TOTAL = plus("past", "sequence");
const LAYOUT = { lead: ["batch"], length: "sequence" };

/** ONNX's number of the type bool. */
const BOOL = 9;

/**
 * Inputs `input_ids` and `position_ids` [batch, sequence], `attention_mask` [batch, past + sequence] (1 where a token counts, 0 at
 * padding), the caches `past_key_values.<layer>.<key|value>` [batch, keyValueHeads, past, headSize], and the parameters. Outputs
 * `logits` [batch, sequence, vocabulary] and the caches with the sequence in them, `present.<layer>.<key|value>`.
 */
export function causalGraph(config: ModelConfig): Graph {
  // Plain matrix products and transposes, as for WebGPU: every provider has them, and the CPU's optimizer fuses them by itself.
  const graph = new SelfSizedGraph("webgpu");
  const ids = graph.input("input_ids", TOKENS, "int64");
  const mask = graph.input("attention_mask", ["batch", TOTAL], "int64");
  const positions = graph.input("position_ids", TOKENS, "int64");
  measure(graph, ids, mask);
  const decoder = decoderOn(graph, config);
  const rowPositions = reshapeRaw(graph, positions, [ROWS, 1]);
  const scoreMask = causalMask(graph, mask);
  let x = embedding(graph, parameter(decoder, "model.embed_tokens.weight"), reshapeRaw(graph, ids, [ROWS]));
  for (let layer = 0; layer < config.layers; layer++) x = cachedLayer(decoder, layer, x, rowPositions, scoreMask);
  const z = logits(decoder, finalNorm(decoder, x));
  graph.output("logits", reshapeRaw(graph, z, [...TOKENS, config.vocabulary]));
  return graph;
}

function measure(graph: SelfSizedGraph, ids: Value, mask: Value): void {
  const size = (value: Value, axis: number) => graph.node("Shape", [value], [1], { start: axis, end: axis + 1 });
  const sequence = size(ids, 1);
  graph.measure("batch", size(ids, 0));
  graph.measure("sequence", sequence);
  graph.measure("past", graph.node("Sub", [size(mask, 1), sequence], [1]));
}

/** What is added to scores, [batch, 1, sequence, past + sequence]: a token sees those up to itself that are no padding. */
function causalMask(graph: Graph, mask: Value): Value {
  const columns = range(graph, 0, TOTAL, TOTAL);
  const rows = reshapeRaw(graph, range(graph, "past", TOTAL, "sequence"), ["sequence", 1]);
  const causal = graph.node("LessOrEqual", [columns, rows], ["sequence", TOTAL]);
  const counts = graph.node("Cast", [reshapeRaw(graph, mask, ["batch", 1, 1, TOTAL])], ["batch", 1, 1, TOTAL], {
    to: BOOL,
  });
  const shape = ["batch", 1, "sequence", TOTAL];
  const allowed = graph.node("And", [causal, counts], shape);
  return graph.node("Where", [allowed, graph.scalar(0), graph.scalar(FORBIDDEN)], shape);
}

/** The integers from start to below end. */
function range(graph: Graph, start: Dim, end: Dim, length: Dim): Value {
  const scalar = (dim: Dim) => graph.node("Squeeze", [graph.dims([dim])], []);
  return graph.node("Range", [scalar(start), scalar(end), graph.integer(1)], [length]);
}

/** x [batch·sequence, hidden] to the same, through a cache. */
function cachedLayer(decoder: Decoder, layer: number, x: Value, positions: Value, mask: Value): Value {
  const { graph, config } = decoder;
  const { headSize: d, keyValueHeads: h, heads } = config;
  const normed = layerNorm(decoder, layer, "input", x);
  const grown = (part: Part, rows: Value) => {
    const past = graph.input(pastName(layer, part), ["batch", h, "past", d]);
    const present = concat(graph, [past, perHead(graph, rows, LAYOUT, [h], d)], 2);
    graph.output(presentName(layer, part), present);
    return present;
  };
  const k = grown("key", keys(decoder, layer, normed, positions));
  const v = grown("value", values(decoder, layer, normed));
  const queryHeads = [h, heads / h] as const;
  const q = perHead(graph, queries(decoder, layer, normed, positions), LAYOUT, queryHeads, d);
  const attended = attention(graph, q, k, v, mask, ["batch", heads, "sequence", TOTAL]);
  return finishLayer(decoder, layer, x, tokenRows(graph, attended, LAYOUT, queryHeads, d));
}
