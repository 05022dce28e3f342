/**
 * V(s) = w·h(s) + b: a linear head on the last hidden state after the final norm, which is what the logits of the next token are
 * made from. Not from that divided by the temperature: what a state is worth is no matter of how the next token is drawn.
 */
import type { Graph, Value } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { singleLinear } from "../ops/linear.ts";
import type { TrainedPolicy } from "../trainedPolicy.ts";

const WEIGHT = "value_head.weight";
const BIAS = "value_head.bias";

/** Its parameters w [1, hidden] and b [1], under the names that they have in graphs and files. */
export function valueHeadShapes({ hidden }: Pick<ModelConfig, "hidden">): Map<string, number[]> {
  return new Map([
    [WEIGHT, [1, hidden]],
    [BIAS, [1]],
  ]);
}

export const isOfValueHead = (parameter: string): boolean => parameter === WEIGHT || parameter === BIAS;

export const hasValueHead = ({ trained }: Pick<TrainedPolicy, "trained">): boolean => trained.has(WEIGHT);

/** Declares the head as inputs of the graph. */
export function valueHeadOn(graph: Graph, config: ModelConfig): ReadonlyMap<string, Value> {
  return new Map([...valueHeadShapes(config)].map(([name, shape]) => [name, graph.input(name, shape)]));
}

/** V of each row of hidden states [N, hidden]: [N, 1], in float32, as all that losses are made of. */
export function valuesOf(graph: Graph, states: Value, head: ReadonlyMap<string, Value>): Value {
  return singleLinear(graph, states, head.get(WEIGHT) as Value, head.get(BIAS));
}
