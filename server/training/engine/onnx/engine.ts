/** The embedded engine: a Hugging Face policy on ONNX Runtime, trained with graphs we build and differentiate ourselves. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Objective } from "../../objectives/objective.ts";
import type {
  Completion,
  EngineInfo,
  Group,
  PolicyEngine,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "../policyEngine.ts";
import type { AdamWSettings } from "./adamw.ts";
import { loadOptimizer, saveOptimizer } from "./checkpointFiles.ts";
import { checkGroups, checkPrompts } from "./checkRequest.ts";
import { DecoderThreads, decoderCount, shared } from "./decoders/decoderThreads.ts";
import { decode } from "./decoding.ts";
import { type Device, openDevice } from "./device.ts";
import { deviceWaves } from "./deviceDecoding.ts";
import { DeviceResidence } from "./deviceResidence.ts";
import { exportModel } from "./exportModel.ts";
import { hostWaves } from "./hostDecoding.ts";
import { HostResidence } from "./hostResidence.ts";
import { batchFeeds, collectTokens, type MicroBatch, microBatches, tokenFeed } from "./microBatch.ts";
import { type ModelConfig, readModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";
import { logprobGraph, updateGraph } from "./policyGraphs.ts";
import { isGradient, type Residence } from "./residence.ts";
import type { DeviceMemory } from "./resident.ts";
import type { Feed, HostFeed } from "./session.ts";
import { SessionPool } from "./sessionPool.ts";
import { boundedTo } from "./usablePositions.ts";
import { inverseTemperature } from "./wave.ts";
import { endTokens, loadWeights, saveWeights, type Weights } from "./weights.ts";

export interface OnnxEngineOptions {
  /** Hugging Face model directory. */
  model: string;
  device: Device["name"];
  /** Threads of the CPU device. */
  threads: number;
  optimizer: AdamWSettings;
  /** Token rows, padding included, that go through the network at once. */
  microBatchTokens: number;
  /** Sequences decoded together at most. */
  maxSequences?: number;
  /** Positions of the longest sequence that will be asked for; without it, all that the policy has are made ready. */
  positions?: number;
}

/** The embedded engine, and what it has moved and left on its device. */
export interface OnnxPolicyEngine extends PolicyEngine {
  readonly memory: Pick<DeviceMemory, "tensors" | "bytes" | "toDevice" | "toHost">;
}

/** @throws InputError where the model directory or the device cannot be used. */
export async function createOnnxEngine(options: OnnxEngineOptions): Promise<OnnxPolicyEngine> {
  const config = boundedTo(readModelConfig(options.model), options.positions);
  const device = await openDevice(options.device, options.threads || availableParallelism());
  const weights = loadWeights(options.model, config);
  const parameters = [...weights.values()].reduce((sum, { length }) => sum + length, 0);
  const pool = new SessionPool(device);
  const { optimizer } = options;
  const parts = { config, device, pool, parameters, ends: endTokens(options.model) };
  if (device.name !== "cpu") {
    const residence = await DeviceResidence.create(pool, weights, parameterShapes(config), optimizer);
    return new OnnxEngine(options, { ...parts, residence, weights });
  }
  const count = decoderCount(device.name, device.threads, parameters);
  const decoders: Decoders | undefined = count > 1 ? { count, weights: shared(weights) } : undefined;
  const trained = decoders?.weights ?? weights;
  const residence = new HostResidence(trained, optimizer);
  return new OnnxEngine(options, { ...parts, residence, weights: trained, decoders });
}

/** Decoding threads, and the weights that they share with the engine. */
interface Decoders {
  count: number;
  weights: Weights;
}

/** What an engine is put together from. */
interface Parts {
  config: ModelConfig;
  device: Device;
  pool: SessionPool;
  residence: Residence;
  /** What is trained, in the arrays that the residence knows it by. */
  weights: Weights;
  parameters: number;
  /** A completion ends with any of these. */
  ends: ReadonlySet<number>;
  decoders?: Decoders | undefined;
}

class OnnxEngine implements OnnxPolicyEngine {
  readonly info: EngineInfo;
  readonly #options: OnnxEngineOptions;
  readonly #ends: ReadonlySet<number>;
  readonly #config: ModelConfig;
  readonly #pool: SessionPool;
  readonly #residence: Residence;
  readonly #weights: Weights;
  /** The policy the run began with; read when it is first asked for. */
  #reference: Weights | undefined;
  /** Threads that share a call's prompts; started when they are first needed. */
  readonly #decoders: Decoders | undefined;
  #threads: DecoderThreads | undefined;

  constructor(
    options: OnnxEngineOptions,
    { config, device, pool, residence, weights, parameters, ends, decoders }: Parts,
  ) {
    this.#options = options;
    this.#ends = ends;
    this.#config = config;
    this.#pool = pool;
    this.#residence = residence;
    this.#weights = weights;
    this.#decoders = decoders;
    this.info = {
      device: device.name,
      threads: device.threads,
      parameters,
      vocabulary: config.vocabulary,
      architecture: config.architecture,
      runtime: device.runtime,
      bitwiseReproducible: device.name === "cpu",
    };
  }

  get memory(): DeviceMemory {
    return this.#pool.memory;
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    checkPrompts(prompts, sampling.maxNewTokens, this.#config);
    if (this.#decoders !== undefined && prompts.length > 1) {
      yield* this.#decoderThreads(this.#decoders).generate(prompts, n, sampling, signal);
      return;
    }
    const waves = this.#target === "cpu" ? hostWaves : deviceWaves;
    const policy = {
      config: this.#config,
      begin: waves(this.#pool, this.#config, await this.#residence.feeds(this.#weights)),
      ends: this.#ends,
      maxSequences: this.#options.maxSequences ?? MAX_SEQUENCES,
    };
    yield* decode(policy, prompts, n, sampling, signal);
  }

  async logprobs(
    groups: Group[],
    policy: "current" | "reference",
    temperature: number,
    signal?: AbortSignal,
  ): Promise<Float32Array[][]> {
    checkGroups(groups, this.#config);
    const session = await this.#pool.get("logprobs", () => logprobGraph(this.#config, this.#target));
    const weights = await this.#residence.feeds(policy === "current" ? this.#weights : this.#referenceWeights());
    const results: Float32Array[][] = groups.map(() => []);
    for (const batch of microBatches(groups, this.#options.microBatchTokens)) {
      signal?.throwIfAborted();
      const feeds = new Map<string, Feed>([...weights, ...batchFeeds(groups, batch), inverse(temperature)]);
      const outputs = await session.run(feeds, batch.sizes);
      collectTokens(outputs.get("logprobs") as Float32Array, groups, batch, results);
    }
    return results;
  }

  async update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics> {
    const started = performance.now();
    const { groups, objective } = request;
    if (groups.length === 0) throw new RangeError("An update needs a group");
    checkGroups(groups, this.#config);
    const build = () => updateGraph(this.#config, objective, this.#target);
    const session = await this.#pool.get(`update:${JSON.stringify(objective)}`, build, isGradient);
    const weights = await this.#residence.feeds(this.#weights);
    const batches = microBatches(groups, this.#options.microBatchTokens);
    const logprobs: Float32Array[][] = groups.map(() => []);
    const entropies: Float32Array[][] = groups.map(() => []);
    let loss = 0;
    for (const [index, batch] of batches.entries()) {
      signal?.throwIfAborted();
      const feeds = new Map<string, Feed>([...weights, ...updateFeeds(request, batch)]);
      const outputs = await this.#residence.differentiate(session, feeds, batch.sizes, index === 0);
      loss += outputs.get("loss")?.[0] as number;
      collectTokens(outputs.get("logprobs") as Float32Array, groups, batch, logprobs);
      const batchEntropies = outputs.get("entropies");
      if (batchEntropies) collectTokens(batchEntropies, groups, batch, entropies);
    }
    signal?.throwIfAborted();
    return {
      loss,
      gradNorm: await this.#residence.step(request.learningRate),
      logprobs,
      ...(hasEntropy(objective) ? { entropies } : {}),
      tokens: groups.reduce(
        (sum, { prompt, completions }) => completions.reduce((s, c) => s + c.length, sum + prompt.length),
        0,
      ),
      microBatches: batches.length,
      milliseconds: performance.now() - started,
    };
  }

  async save(dir: string): Promise<void> {
    const state = await this.#residence.toHost();
    saveWeights(join(dir, "model.safetensors"), this.#weights, this.#config, "f32");
    saveOptimizer(join(dir, "optimizer.safetensors"), state, this.#config);
  }

  async load(dir: string): Promise<void> {
    const state = await this.#residence.toHost();
    loadWeights(dir, this.#config, this.#weights);
    loadOptimizer(join(dir, "optimizer.safetensors"), state);
    await this.#residence.fromHost(state);
  }

  async exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void> {
    await this.#residence.toHost();
    exportModel(dir, this.#options.model, this.#weights, this.#config, dtype);
  }

  async dispose(): Promise<void> {
    await this.#threads?.dispose();
    this.#threads = undefined;
    await this.#pool.dispose();
  }

  get #target(): Device["name"] {
    return this.#pool.device.name;
  }

  #decoderThreads({ count, weights }: Decoders): DecoderThreads {
    this.#threads ??= new DecoderThreads(count, {
      config: this.#config,
      weights,
      ends: this.#ends,
      maxSequences: this.#options.maxSequences ?? MAX_SEQUENCES,
    });
    return this.#threads;
  }

  #referenceWeights(): Weights {
    this.#reference ??= loadWeights(this.#options.model, this.#config);
    return this.#reference;
  }
}

const MAX_SEQUENCES = 256;

const hasEntropy = (objective: Objective) => objective.kind === "grpo" && objective.entropy > 0;

const inverse = (temperature: number): [string, HostFeed] => ["inverseTemperature", inverseTemperature(temperature)];

function updateFeeds({ groups, objective, temperature }: UpdateRequest, batch: MicroBatch): Map<string, HostFeed> {
  const feeds = batchFeeds(groups, batch).set(...inverse(temperature));
  const signal = (group: number, completion: number) => {
    const found = groups[group]?.signals[completion];
    if (found === undefined) throw new Error(`Group ${group} has no learning signal for completion ${completion}`);
    return found;
  };
  feeds.set(
    "weights",
    tokenFeed(batch, (group, completion) => signal(group, completion).weights),
  );
  if (objective.kind === "supervised") return feeds;
  feeds.set(
    "advantages",
    tokenFeed(batch, (group, completion) => signal(group, completion).advantage),
  );
  feeds.set(
    "oldLogprobs",
    tokenFeed(batch, (group, completion) => signal(group, completion).oldLogprobs ?? missing("oldLogprobs")),
  );
  if (objective.beta > 0) {
    feeds.set(
      "refLogprobs",
      tokenFeed(batch, (group, completion) => signal(group, completion).refLogprobs ?? missing("refLogprobs")),
    );
  }
  return feeds;
}

function missing(what: string): never {
  throw new Error(`The objective needs ${what}`);
}
