/** One graph, compiled by ONNX Runtime, run on plain typed arrays. */
import * as ort from "onnxruntime-node";
import { type Shape, type Sizes, sizeOf } from "./dims.ts";
import type { Graph, Target, Value } from "./graph.ts";

export type Feed = Float32Array | BigInt64Array;

export interface SessionOptions {
  device: Target;
  threads: number;
}

export class GraphSession {
  readonly #session: ort.InferenceSession;
  readonly #graph: Graph;
  /** Weights are fed at every run: their tensors are made once, by array and the name it was fed under. */
  readonly #tensors = new WeakMap<Feed, { name: string; made: ort.Tensor }>();

  private constructor(session: ort.InferenceSession, graph: Graph) {
    this.#session = session;
    this.#graph = graph;
  }

  static async create(graph: Graph, { device, threads }: SessionOptions): Promise<GraphSession> {
    const session = await ort.InferenceSession.create(graph.encode(), {
      executionProviders: [device],
      graphOptimizationLevel: "all",
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      logSeverityLevel: 3,
    });
    return new GraphSession(session, graph);
  }

  /**
   * Runs the graph. `feeds` holds every input but the reshape targets; `into` may hold arrays that results are written
   * to. Returns the results by the names they have in the graph. Blocks the thread while it computes.
   */
  async run(
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    into: ReadonlyMap<string, Float32Array> = new Map(),
  ): Promise<Map<string, Float32Array>> {
    const inputs: Record<string, ort.Tensor> = {};
    for (const [name, data] of this.#graph.dimensionFeeds(sizes))
      inputs[name] = new ort.Tensor("int64", data, [data.length]);
    for (const value of this.#graph.inputs.values()) {
      if (inputs[value.name] === undefined) inputs[value.name] = this.#tensor(value, feeds.get(value.name), sizes);
    }
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const [name, value] of this.#graph.outputs) {
      const array = into.get(name);
      fetches[value.name] = array === undefined ? null : tensor(value, array, sizes);
    }
    const results = await this.#session.run(inputs, fetches);
    const outputs = new Map<string, Float32Array>();
    for (const [name, value] of this.#graph.outputs) {
      outputs.set(name, (results[value.name] as ort.Tensor).data as Float32Array);
    }
    return outputs;
  }

  #tensor(value: Value, data: Feed | undefined, sizes: Sizes): ort.Tensor {
    if (data === undefined || !value.shape.every((dim) => typeof dim === "number")) return tensor(value, data, sizes);
    const known = this.#tensors.get(data);
    if (known?.name === value.name) return known.made;
    const made = tensor(value, data, sizes);
    this.#tensors.set(data, { name: value.name, made });
    return made;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

function tensor(value: Value, data: Feed | undefined, sizes: Sizes): ort.Tensor {
  if (data === undefined) throw new Error(`No data for the input ${value.name}`);
  const shape = shapeOf(value.shape, sizes);
  return data instanceof Float32Array ? new ort.Tensor("float32", data, shape) : new ort.Tensor("int64", data, shape);
}

function shapeOf(shape: Shape, sizes: Sizes): number[] {
  return shape.map((dim) => sizeOf(dim, sizes));
}
