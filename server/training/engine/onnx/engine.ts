/** The embedded engine: a Hugging Face policy on ONNX Runtime, trained with graphs we build and differentiate ourselves. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Lora } from "../lora.ts";
import type {
  Completion,
  EngineInfo,
  EngineLimits,
  Group,
  PolicyEngine,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "../policyEngine.ts";
import { AdamW, type AdamWSettings } from "./adamw.ts";
import { AdaptedPolicy } from "./adaptedPolicy.ts";
import { loadOptimizer, saveOptimizer } from "./checkpointFiles.ts";
import { checkGroups, checkPrompts } from "./checkRequest.ts";
import { prefillGraph, stepGraph } from "./decoderGraphs.ts";
import { DecoderThreads, decoderCount } from "./decoders/decoderThreads.ts";
import { type DecodingPolicy, decode } from "./decoding.ts";
import { type Device, openDevice } from "./device.ts";
import { FullPolicy } from "./fullPolicy.ts";
import type { Graph } from "./graph.ts";
import { batchFeeds, collectTokens, type MicroBatch, microBatches, tokenFeed } from "./microBatch.ts";
import { type ModelConfig, readModelConfig } from "./modelConfig.ts";
import { chunkColumns } from "./ops/vocabulary.ts";
import { parameterCount } from "./parameters.ts";
import { gradientOf, hasEntropy, logprobGraph, type MemoryPlan, updateGraph } from "./policyGraphs.ts";
import { type Feed, GraphSession } from "./session.ts";
import { countOf, type TrainedPolicy } from "./trainedPolicy.ts";
import { boundedTo } from "./usablePositions.ts";
import { type Allocate, endTokens, ownMemory, sharedMemory, type Weights } from "./weights.ts";

export interface OnnxEngineOptions {
  /** Hugging Face model directory. */
  model: string;
  device: Device["name"];
  /** Threads of the CPU device. */
  threads: number;
  optimizer: AdamWSettings;
  /** Trained in place of the policy's weights; without it, all of them are. */
  adapter?: Lora;
  /** PEFT adapter directory that the adapter starts from. */
  initialAdapter?: string;
  /** Of an adapter's first values and its dropout, 0 by default. */
  seed?: number;
  /** Token rows, padding included, that go through the network at once. */
  microBatchTokens: number;
  /** Whether a layer's results are computed again for its gradient instead of being kept; false by default. */
  checkpointing?: boolean;
  /** Sequences decoded together at most. */
  maxSequences?: number;
  /** Positions of the longest sequence that will be asked for; without it, all that the policy has are made ready. */
  positions?: number;
}

/** @throws InputError where the model directory or the device cannot be used. */
export async function createOnnxEngine(options: OnnxEngineOptions): Promise<PolicyEngine> {
  const config = boundedTo(readModelConfig(options.model), options.positions);
  const device = await openDevice(options.device, options.threads || availableParallelism());
  const decoders = decoderCount(device.name, device.threads, parameterCount(config));
  const policy = policyOf(options, config, decoders > 1 ? sharedMemory : ownMemory);
  return new OnnxEngine(options, config, device, policy, decoders);
}

function policyOf(options: OnnxEngineOptions, config: ModelConfig, allocate: Allocate): TrainedPolicy {
  const { model, adapter, initialAdapter, seed = 0 } = options;
  if (adapter === undefined) return new FullPolicy(model, config, allocate);
  return new AdaptedPolicy(model, config, { lora: adapter, seed, initial: initialAdapter }, allocate);
}

class OnnxEngine implements PolicyEngine {
  readonly info: EngineInfo;
  readonly #ends: ReadonlySet<number>;
  readonly #config: ModelConfig;
  readonly #device: Device;
  readonly #memory: MemoryPlan;
  readonly #policy: TrainedPolicy;
  readonly #optimizer: AdamW;
  #limits: EngineLimits;
  readonly #sessions = new Map<string, Promise<GraphSession>>();
  /** Gradient of the mini-batch, and of one micro-batch where there are several. */
  readonly #gradient: Weights;
  #partial: Weights | undefined;
  /** Threads that share a call's prompts; started when they are first needed. */
  readonly #decoders: number;
  #threads: DecoderThreads | undefined;

  constructor(
    options: OnnxEngineOptions,
    config: ModelConfig,
    device: Device,
    policy: TrainedPolicy,
    decoders: number,
  ) {
    this.#limits = { microBatchTokens: options.microBatchTokens, maxSequences: options.maxSequences ?? 256 };
    this.#ends = endTokens(options.model);
    this.#config = config;
    this.#device = device;
    this.#memory = {
      columns: chunkColumns(config.vocabulary, options.microBatchTokens),
      checkpointing: options.checkpointing ?? false,
    };
    this.#decoders = decoders;
    this.#policy = policy;
    this.#gradient = emptyLike(policy.trained);
    this.#optimizer = new AdamW(policy.trained, options.optimizer);
    this.info = {
      device: device.name,
      threads: device.threads,
      parameters: policy.parameters,
      trained: countOf(policy.trained),
      vocabulary: config.vocabulary,
      architecture: config.architecture,
      runtime: device.runtime,
      bitwiseReproducible: device.name === "cpu",
    };
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    checkPrompts(prompts, sampling.maxNewTokens, this.#config);
    if (this.#decoders > 1 && prompts.length > 1) {
      yield* this.#decoderThreads().generate(prompts, n, sampling, this.#limits.maxSequences, signal);
      return;
    }
    const policy: DecodingPolicy = {
      config: this.#config,
      prefill: await this.#session("prefill", () => prefillGraph(this.#config, this.#device.name, this.#policy.lora)),
      step: await this.#session("step", () => stepGraph(this.#config, this.#device.name, this.#policy.lora)),
      weights: this.#policy.inputs("current"),
      ends: this.#ends,
      maxSequences: this.#limits.maxSequences,
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
    const session = await this.#session("logprobs", () =>
      logprobGraph(this.#config, this.#device.name, { ...this.#memory, lora: this.#policy.lora }),
    );
    const weights = this.#policy.inputs(policy);
    const results: Float32Array[][] = groups.map(() => []);
    for (const batch of microBatches(groups, this.#limits.microBatchTokens)) {
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
    const session = await this.#session(`update:${JSON.stringify(objective)}`, () =>
      updateGraph(this.#config, objective, this.#device.name, { ...this.#memory, lora: this.#policy.lora }),
    );
    const batches = microBatches(groups, this.#limits.microBatchTokens);
    const logprobs: Float32Array[][] = groups.map(() => []);
    const entropies: Float32Array[][] = groups.map(() => []);
    let loss = 0;
    for (const [index, batch] of batches.entries()) {
      signal?.throwIfAborted();
      const target = index === 0 ? this.#gradient : this.#partialGradient();
      const feeds = new Map<string, Feed>([
        ...this.#policy.inputs("current"),
        ...this.#policy.noise(groups, batch, this.#optimizer.step),
        ...updateFeeds(request, batch),
      ]);
      const outputs = await session.run(feeds, batch.sizes, named(target));
      if (index > 0) accumulate(this.#gradient, target);
      loss += outputs.get("loss")?.[0] as number;
      collectTokens(outputs.get("logprobs") as Float32Array, groups, batch, logprobs);
      const batchEntropies = outputs.get("entropies");
      if (batchEntropies) collectTokens(batchEntropies, groups, batch, entropies);
    }
    signal?.throwIfAborted();
    return {
      loss,
      gradNorm: this.#optimizer.update(this.#policy.trained, this.#gradient, request.learningRate),
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

  async limit(limits: EngineLimits): Promise<void> {
    this.#limits = limits;
  }

  async save(dir: string): Promise<void> {
    this.#policy.save(dir);
    saveOptimizer(join(dir, "optimizer.safetensors"), this.#optimizer, this.#policy.trainedShapes);
  }

  async load(dir: string): Promise<void> {
    this.#policy.load(dir);
    loadOptimizer(join(dir, "optimizer.safetensors"), this.#optimizer);
  }

  async exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void> {
    this.#policy.exportModel(dir, dtype);
  }

  async exportAdapter(dir: string): Promise<void> {
    this.#policy.exportAdapter(dir);
  }

  async dispose(): Promise<void> {
    await this.#threads?.dispose();
    this.#threads = undefined;
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }

  #decoderThreads(): DecoderThreads {
    this.#threads ??= new DecoderThreads(this.#decoders, {
      config: this.#config,
      lora: this.#policy.lora,
      weights: this.#policy.inputs("current"),
      ends: this.#ends,
    });
    return this.#threads;
  }

  #session(name: string, build: () => Graph): Promise<GraphSession> {
    const session =
      this.#sessions.get(name) ??
      GraphSession.create(build(), { device: this.#device.name, threads: this.#device.threads });
    this.#sessions.set(name, session);
    return session;
  }

  #partialGradient(): Weights {
    this.#partial ??= emptyLike(this.#policy.trained);
    return this.#partial;
  }
}

/** Greedy sampling, temperature 0, has its log-probabilities at temperature 1. */
const inverse = (temperature: number): [string, Feed] => [
  "inverseTemperature",
  Float32Array.of(temperature === 0 ? 1 : 1 / temperature),
];

function updateFeeds({ groups, objective, temperature }: UpdateRequest, batch: MicroBatch): Map<string, Feed> {
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
  if (objective.importanceCap !== undefined) {
    feeds.set(
      "samplerLogprobs",
      tokenFeed(batch, (group, completion) => signal(group, completion).samplerLogprobs ?? missing("samplerLogprobs")),
    );
  }
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

function emptyLike(weights: Weights): Weights {
  return new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
}

function named(gradient: Weights): Map<string, Float32Array> {
  return new Map([...gradient].map(([name, values]) => [gradientOf(name), values]));
}

function accumulate(sum: Weights, part: Weights): void {
  for (const [name, total] of sum) {
    const values = part.get(name) as Float32Array;
    for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (values[i] as number);
  }
}
