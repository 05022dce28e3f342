/** An adapter in a graph: its inputs, and what it adds to a projection. */
import type { Lora } from "../../lora.ts";
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Projection } from "../model/projections.ts";
import { DROPOUT_FACTORS, dropout } from "../ops/dropout.ts";
import { mul } from "../ops/elementwise.ts";
import { linear, linearOnto } from "../ops/linear.ts";
import { ADAPTER_SCALE, adapterName, adapterShapes } from "./adapterParameters.ts";
import { DROPOUT_ROWS, dropoutColumnsName } from "./dropoutFactors.ts";

export interface GraphAdapter {
  lora: Lora;
  parameters: ReadonlyMap<string, Value>;
  /** s, a scalar. */
  scale: Value;
  /** Residues [n, K] of the token rows, by how many they are; undefined where nothing is dropped. */
  dropoutRows?: ReadonlyMap<Dim, Value>;
}

/** Declares the adapter's matrices and its scale as inputs of the graph. */
export function adapterOn(graph: Graph, config: ModelConfig, lora: Lora): GraphAdapter {
  const shapes = adapterShapes(config, lora);
  return {
    lora,
    parameters: new Map([...shapes].map(([name, shape]) => [name, graph.input(name, shape)])),
    scale: graph.input(ADAPTER_SCALE, []),
  };
}

/** The same adapter with dropout. Declares `dropoutRows`; `cut` makes the rows that the last layer works on from them. */
export function withDropout(graph: Graph, adapter: GraphAdapter, all: Dim, cut: (rows: Value) => Value): GraphAdapter {
  const rows = graph.input(DROPOUT_ROWS, [all, DROPOUT_FACTORS]);
  const last = cut(rows);
  return {
    ...adapter,
    dropoutRows: new Map([rows, last].map((value) => [value.shape[0] as Dim, value])),
  };
}

/** y + s·(x·Aᵀ)·Bᵀ for a projection y [N, out] of x [N, in]; y itself where the projection has no adapter. */
export function adapted(
  graph: Graph,
  adapter: GraphAdapter | undefined,
  layer: number,
  projection: Projection,
  x: Value,
  y: Value,
): Value {
  if (!adapter?.lora.targets.includes(projection)) return y;
  const [a, b] = (["lora_A", "lora_B"] as const).map((part) =>
    adapter.parameters.get(adapterName(layer, projection, part)),
  ) as [Value, Value];
  // Scaled while it is narrow.
  const narrow = mul(graph, linear(graph, dropped(graph, adapter, x, a), a), adapter.scale);
  return linearOnto(graph, y, narrow, b);
}

function dropped(graph: Graph, { lora, dropoutRows }: GraphAdapter, x: Value, a: Value): Value {
  if (dropoutRows === undefined) return x;
  const [n, inner] = x.shape as [Dim, Dim];
  const rows = dropoutRows.get(n);
  if (rows === undefined) throw new Error(`No dropout is laid out for ${n} rows`);
  const columns = graph.input(dropoutColumnsName(a.name), [DROPOUT_FACTORS, inner]);
  return dropout(graph, x, rows, columns, lora.dropout);
}
