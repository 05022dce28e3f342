/**
 * Computes our graphs node by node in float64, slowly and plainly, without ONNX Runtime: what a graph means, to measure
 * the runtime's rounding by and to take finite differences of.
 */
import { type Shape, type Sizes, sizeOf } from "../graph/dims.ts";
import type { Graph } from "../graph/graph.ts";
import type { NodeProto } from "../graph/proto.ts";
import { castOperators, widened } from "./operators/casts.ts";
import { elementwiseOperators } from "./operators/elementwise.ts";
import { layoutOperators } from "./operators/layout.ts";
import type { Operator } from "./operators/operator.ts";
import { productOperators } from "./operators/products.ts";
import { quantizedOperators } from "./operators/quantized.ts";
import { reductionOperators } from "./operators/reductions.ts";
import { elements, type Tensor } from "./tensor.ts";

const operators: Readonly<Record<string, Operator>> = {
  ...elementwiseOperators,
  ...castOperators,
  ...productOperators,
  ...quantizedOperators,
  ...layoutOperators,
  ...reductionOperators,
};

/** Data of a graph's inputs by name, of float16 ones their bits; reshape targets excepted, which follow from the sizes. */
export type Feeds = ReadonlyMap<string, ArrayLike<number> | BigInt64Array>;

function asTensor(shape: readonly number[], data: ArrayLike<number> | BigInt64Array): Tensor {
  if (data instanceof BigInt64Array) return { shape, data: Float64Array.from(data, Number) };
  if (data instanceof Uint16Array) return { shape, data: Float64Array.from(widened(data)) };
  return { shape, data: data instanceof Float64Array ? data : new Float64Array(data) };
}

/** A graph at fixed sizes, ready to compute some of its outputs. */
export class Interpreter {
  readonly #graph: Graph;
  readonly #sizes: Sizes;
  /** Initializers and reshape targets. */
  readonly #constants = new Map<string, Tensor>();
  readonly #nodes: readonly NodeProto[];
  readonly #wanted: ReadonlySet<string>;

  /** `outputs`: names of the results to compute, all of the graph's unless given. */
  constructor(graph: Graph, sizes: Sizes, outputs: Iterable<string> = graph.outputs.keys()) {
    this.#graph = graph;
    this.#sizes = sizes;
    this.#wanted = new Set(outputs);
    const { nodes, initializers } = graph.proto();
    for (const { name, shape, data } of initializers) this.#constants.set(name, asTensor(shape as number[], data));
    for (const [name, dims] of graph.dimensionFeeds(sizes)) this.#constants.set(name, asTensor([dims.length], dims));
    const needed = new Set([...this.#wanted].map((name) => graph.outputs.get(name)?.name));
    const needs = nodes.toReversed().filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false;
      for (const name of node.inputs) needed.add(name);
      return true;
    });
    this.#nodes = needs.toReversed();
  }

  /** Results by the names they have in the graph. Throws where a node's inputs, or a declared shape, do not fit. */
  run(feeds: Feeds): Map<string, Float64Array> {
    const values = new Map(this.#constants);
    for (const { name, shape } of this.#graph.inputs.values()) {
      const data = feeds.get(name);
      if (data !== undefined) values.set(name, fitting(name, this.#shape(shape), data));
    }
    for (const node of this.#nodes) compute(node, values);
    const results = new Map<string, Float64Array>();
    for (const output of this.#wanted) {
      const declared = this.#graph.outputs.get(output);
      if (declared === undefined) throw new Error(`The graph has no output ${output}`);
      const result = values.get(declared.name) as Tensor;
      const shape = this.#shape(declared.shape);
      if (shape.join() !== result.shape.join()) {
        throw new Error(`${output} is declared as [${shape}] but is [${result.shape}]`);
      }
      results.set(output, result.data);
    }
    return results;
  }

  #shape(shape: Shape): number[] {
    return shape.map((dim) => sizeOf(dim, this.#sizes));
  }
}

function fitting(name: string, shape: readonly number[], data: ArrayLike<number> | BigInt64Array): Tensor {
  if (data.length !== elements(shape)) throw new Error(`${data.length} numbers for ${name} [${shape}]`);
  return asTensor(shape, data);
}

function compute(node: NodeProto, values: Map<string, Tensor>): void {
  const operator = operators[node.op];
  if (operator === undefined) throw new Error(`The interpreter does not know ${node.op}`);
  const inputs = node.inputs.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`No value ${name} for ${node.op}`);
    return value;
  });
  try {
    const results = operator(inputs, node.attributes);
    for (const [index, name] of node.outputs.entries()) values.set(name, results[index] as Tensor);
  } catch (error) {
    throw new Error(`${node.outputs[0]}: ${(error as Error).message}`, { cause: error });
  }
}
