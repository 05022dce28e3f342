/** One graph, compiled by ONNX Runtime, run on plain typed arrays and on tensors that live on the device. */
import * as ort from "onnxruntime-node";
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import { type Shape, type Sizes, sizeOf } from "../graph/dims.ts";
import type { Constants, Graph, Value } from "../graph/graph.ts";
import type { DType } from "../graph/proto.ts";
import type { DeviceMemory, Resident } from "./resident.ts";

/** Of 16-bit integers, the bits of float16 numbers. */
export type HostFeed = Float32Array | BigInt64Array | Uint8Array | Uint16Array;
export type Feed = HostFeed | Resident;

export interface SessionOptions {
  device: TrainingDevice;
  threads: number;
  /** Of a device with a memory of its own: where results stay, and what crosses is counted. */
  resident?: { memory: DeviceMemory; stays: (output: string) => boolean };
  /** Inputs that are the same in all runs: the session has them in a form of its own and is fed none of them. */
  constants?: Constants;
}

/** Results by the names they have in the graph. */
export interface Results {
  host: Map<string, Float32Array>;
  /** The caller's to dispose of. */
  resident: Map<string, Resident>;
}

export class GraphSession {
  readonly #session: ort.InferenceSession;
  readonly #graph: Graph;
  readonly #memory: DeviceMemory | undefined;
  /** Inputs that are fed. */
  readonly #fed: readonly Value[];
  /** Weights are fed at every run: their tensors are made once, by array and the name it was fed under. */
  readonly #tensors = new WeakMap<HostFeed, { name: string; made: ort.Tensor }>();

  private constructor(session: ort.InferenceSession, graph: Graph, { resident, constants }: SessionOptions) {
    this.#session = session;
    this.#graph = graph;
    this.#memory = resident?.memory;
    this.#fed = [...graph.inputs.values()].filter(({ name }) => !constants?.has(name));
  }

  static async create(graph: Graph, options: SessionOptions): Promise<GraphSession> {
    const { device, threads, resident, constants } = options;
    const locations = [...graph.outputs].map(
      ([name, value]) => [value.name, resident?.stays(name) ? "gpu-buffer" : "cpu"] as const,
    );
    const beside = device === "cuda" ? constants : undefined;
    const session = await ort.InferenceSession.create(graph.encode(constants, beside !== undefined), {
      executionProviders: [device],
      graphOptimizationLevel: "all",
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      enableMemPattern: !unpacksWeights(graph),
      logSeverityLevel: 3,
      ...(device === "cpu" ? TRANSPOSED_BEFOREHAND : {}),
      ...(beside ? constantsBeside(beside) : {}),
      ...(resident ? { preferredOutputLocation: Object.fromEntries(locations) } : {}),
    });
    return new GraphSession(session, graph, options);
  }

  /** As `execute`, of a graph whose results all come to the host. */
  async run(
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    into: ReadonlyMap<string, Float32Array> = new Map(),
  ): Promise<Map<string, Float32Array>> {
    return (await this.execute(feeds, sizes, into)).host;
  }

  /**
   * Runs the graph. `feeds` holds every input but the reshape targets; `into` may hold arrays that results are written
   * to. Blocks the thread while it computes.
   */
  async execute(
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    into: ReadonlyMap<string, Float32Array> = new Map(),
  ): Promise<Results> {
    const inputs: Record<string, ort.Tensor> = {};
    for (const [name, data] of this.#graph.dimensionFeeds(sizes))
      inputs[name] = new ort.Tensor("int64", data, [data.length]);
    for (const value of this.#fed) {
      if (inputs[value.name] === undefined) inputs[value.name] = this.#input(value, feeds.get(value.name), sizes);
    }
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const [name, value] of this.#graph.outputs) {
      const array = into.get(name);
      fetches[value.name] = array === undefined ? null : tensor(value, array, sizes);
    }
    const results = await this.#session.run(inputs, fetches);
    return this.#sorted(results);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  #sorted(results: ort.InferenceSession.ReturnType): Results {
    const sorted: Results = { host: new Map(), resident: new Map() };
    for (const [name, value] of this.#graph.outputs) {
      const result = results[value.name] as ort.Tensor;
      if (this.#memory !== undefined && result.location === "gpu-buffer") {
        sorted.resident.set(name, this.#memory.hold(result));
        continue;
      }
      const data = result.data as Float32Array;
      if (this.#memory) this.#memory.toHost += data.byteLength;
      sorted.host.set(name, data);
    }
    return sorted;
  }

  #input(value: Value, feed: Feed | undefined, sizes: Sizes): ort.Tensor {
    if (feed === undefined) throw new Error(`No data for the input ${value.name}`);
    if (!isOnHost(feed)) return feed.tensor;
    if (this.#memory) this.#memory.toDevice += feed.byteLength;
    if (!value.shape.every((dim) => typeof dim === "number")) return tensor(value, feed, sizes);
    const known = this.#tensors.get(feed);
    if (known?.name === value.name) return known.made;
    const made = tensor(value, feed, sizes);
    this.#tensors.set(feed, { name: value.name, made });
    return made;
  }
}

/** Else the runtime folds those transposes into the products that are faster with them (`weightGradient` in ops/linear.ts). */
const TRANSPOSED_BEFOREHAND = { extra: { optimization: { disable_specified_optimizers: "GemmTransposeFusion" } } };

/** Weights that a card keeps: as they are, since what is made of them beforehand would be there too. */
function constantsBeside(constants: Constants) {
  return {
    externalData: Array.from(constants, ([path, { buffer, byteOffset, byteLength }]) => ({
      path,
      data: new Uint8Array(buffer, byteOffset, byteLength),
    })),
    extra: { optimization: { disable_specified_optimizers: "ConstantFolding" } },
  };
}

/**
 * Whether weights are made whole in the graph: somebody has too little memory. Such sessions are without memory patterns, which keep one block
 * for a whole run beside the first run's pieces (ARENAS in memory/estimate.ts); with 24 million numbers in blocks, measured, a process of
 * 310 MiB took 284.
 */
function unpacksWeights(graph: Graph): boolean {
  const halves = [...graph.inputs.values()].some(({ dtype }) => dtype === "float16");
  return halves || graph.operators().has("GatherBlockQuantized");
}

function isOnHost(feed: Feed): feed is HostFeed {
  return ArrayBuffer.isView(feed);
}

/** The type of the numbers that such an array is fed as. */
export function dtypeOf(data: HostFeed): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Uint16Array) return "float16";
  return data instanceof Uint8Array ? "uint8" : "int64";
}

function tensor(value: Value, data: HostFeed, sizes: Sizes): ort.Tensor {
  const shape = shapeOf(value.shape, sizes);
  // Where the language has a Float16Array, the runtime's constructor makes one of the bits of float16, and its native part, which knows no
  // such array, then finds nothing in it (ONNX Runtime 1.30).
  const bits = data instanceof Uint16Array ? new ort.Tensor("uint16", data, shape) : undefined;
  return bits ? Object.defineProperty(bits, "type", { value: "float16" }) : new ort.Tensor(dtypeOf(data), data, shape);
}

function shapeOf(shape: Shape, sizes: Sizes): number[] {
  return shape.map((dim) => sizeOf(dim, sizes));
}
