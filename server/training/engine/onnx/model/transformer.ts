/**
 * The decoder over groups of completions that share their prompt.
 *
 * The token rows of a batch are B prompts of P tokens, then B·G lanes of L tokens: a completion, or several in turn. A prompt runs through the
 * network once; its completions attend to its keys and values and to their own. The last prompt token opens every
 * completion instead of closing the prompt, so that each completion row predicts exactly one completion token.
 */
import { checkpoint } from "../graph/checkpoint.ts";
import { type Dim, plus, times } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { attention } from "../ops/attention.ts";
import { embedding } from "../ops/embedding.ts";
import { concat, expand, lastRows, reshape, split } from "../ops/layout.ts";
import {
  type Decoder,
  finalNorm,
  finishLayer,
  keys,
  layerNorm,
  parameter,
  perHead,
  queries,
  type RowLayout,
  tokenRows,
  values,
} from "./layer.ts";

const PROMPTS: RowLayout = { lead: ["B"], length: "P" };
const COMPLETIONS: RowLayout = { lead: ["B", "G"], length: "L" };
const PROMPT_ROWS = times("B", "P");
const COMPLETION_ROWS = times("B", "G", "L");
/** N: all token rows. */
export const ROWS = plus(PROMPT_ROWS, COMPLETION_ROWS);

/** The completions' rows of a matrix [N, …]: [B·G·L, …]. */
export function completionRows(graph: Graph, all: Value): Value {
  return lastRows(graph, all, PROMPT_ROWS, COMPLETION_ROWS);
}

interface Rows {
  /** Positions of all rows and of the completion rows alone: [N, 1], [B·G·L, 1]. */
  positions: Value;
  completionPositions: Value;
  /** 0 where a token may attend, a large negative number elsewhere: [1, 1, P, P] and [B, M, 1, L, P + L]. */
  promptMask: Value;
  completionMask: Value;
}

/**
 * Last hidden states of the completion rows, normalized: [B·G·L, hidden].
 * Declares the inputs `ids` [N], `positions` [N, 1], `promptMask` and `completionMask`, where N = B·P + B·G·L.
 * @param checkpointing whether a layer's results are computed again for its gradient instead of being kept
 */
export function completionStates(decoder: Decoder, checkpointing = false): Value {
  const { graph, config } = decoder;
  const positions = graph.input("positions", [ROWS, 1], "int64");
  const rows: Rows = {
    positions,
    completionPositions: completionRows(graph, positions),
    promptMask: graph.input("promptMask", [1, 1, "P", "P"]),
    completionMask: graph.input("completionMask", ["B", "M", 1, "L", plus("P", "L")]),
  };
  let x = embedding(graph, parameter(decoder, "model.embed_tokens.weight"), graph.input("ids", [ROWS], "int64"));
  for (let layer = 0; layer < config.layers; layer++) {
    const build = layer < config.layers - 1 ? decoderLayer : lastLayer;
    const through = (input: Value) => build(decoder, rows, layer, input);
    x = checkpointing ? checkpoint(graph, x, through) : through(x);
  }
  return finalNorm(decoder, x);
}

/** x [N, hidden] to the same. */
function decoderLayer(decoder: Decoder, rows: Rows, layer: number, x: Value): Value {
  const { graph, config } = decoder;
  const { headSize: d, heads } = config;
  const queryHeads = queryHeadsOf(decoder);
  const normed = layerNorm(decoder, layer, "input", x);
  const { kPrompt, vPrompt, k, v } = keysAndValues(decoder, rows, layer, normed);
  const q = queries(decoder, layer, normed, rows.positions);
  const [qPrompt, qOwn] = split(graph, q, 0, [PROMPT_ROWS, COMPLETION_ROWS]) as [Value, Value];
  const promptQueries = perHead(graph, qPrompt, PROMPTS, queryHeads, d);
  const prompt = attention(graph, promptQueries, kPrompt, vPrompt, rows.promptMask, ["B", heads, "P", "P"]);
  const completions = completionAttention(decoder, rows, qOwn, k, v);
  const attended = concat(graph, [tokenRows(graph, prompt, PROMPTS, queryHeads, d), completions], 0);
  return finishLayer(decoder, layer, x, attended);
}

/** x [N, hidden] to the completion rows alone: nothing reads the prompts' rows after their keys and values. */
function lastLayer(decoder: Decoder, rows: Rows, layer: number, x: Value): Value {
  const { graph } = decoder;
  const normed = layerNorm(decoder, layer, "input", x);
  const { k, v } = keysAndValues(decoder, rows, layer, normed);
  const q = queries(decoder, layer, completionRows(graph, normed), rows.completionPositions);
  return finishLayer(decoder, layer, completionRows(graph, x), completionAttention(decoder, rows, q, k, v));
}

/** The prompts' keys and values [B, h, P, d], and what their completions attend to: [B, G, h, P + L, d]. */
function keysAndValues(decoder: Decoder, rows: Rows, layer: number, normed: Value) {
  const { graph, config } = decoder;
  const perKeyHead = (all: Value) => {
    const [prompt, own] = split(graph, all, 0, [PROMPT_ROWS, COMPLETION_ROWS]) as [Value, Value];
    return [
      perHead(graph, prompt, PROMPTS, [config.keyValueHeads], config.headSize),
      perHead(graph, own, COMPLETIONS, [config.keyValueHeads], config.headSize),
    ] as const;
  };
  const [kPrompt, kOwn] = perKeyHead(keys(decoder, layer, normed, rows.positions));
  const [vPrompt, vOwn] = perKeyHead(values(decoder, layer, normed));
  return {
    kPrompt,
    vPrompt,
    k: concat(graph, [shared(graph, kPrompt), kOwn], 3),
    v: concat(graph, [shared(graph, vPrompt), vOwn], 3),
  };
}

/** Query rows of the completions to attended rows: [B·G·L, heads·d]. */
function completionAttention(decoder: Decoder, rows: Rows, queryRows: Value, k: Value, v: Value): Value {
  const { graph, config } = decoder;
  const queryHeads = queryHeadsOf(decoder);
  const q = perHead(graph, queryRows, COMPLETIONS, queryHeads, config.headSize);
  const scores = ["B", "G", config.heads, "L", plus("P", "L")];
  const attended = attention(graph, q, k, v, rows.completionMask, scores);
  return tokenRows(graph, attended, COMPLETIONS, queryHeads, config.headSize);
}

/** The prompt's keys or values [B, h, P, d] as each completion of its group sees them: [B, G, h, P, d]. */
function shared(graph: Graph, prompt: Value): Value {
  const [b, h, p, d] = prompt.shape as [Dim, Dim, Dim, Dim];
  return expand(graph, reshape(graph, prompt, [b, 1, h, p, d]), [b, "G", h, p, d]);
}

function queryHeadsOf({ config }: Decoder): [number, number] {
  return [config.keyValueHeads, config.heads / config.keyValueHeads];
}
