/** The embedded engine: a Hugging Face policy on ONNX Runtime, trained with graphs we build and differentiate ourselves. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { FIRST_SCALE, type LossScale, nextScale } from "../../objectives/lossScaling.ts";
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
import { microBatches } from "./batching/cutting.ts";
import { batchFeeds, collectTokens } from "./batching/microBatch.ts";
import { loadOptimizer, saveOptimizer } from "./checkpointFiles.ts";
import { checkGroups, checkPrompts } from "./checkRequest.ts";
import { cardConstants } from "./cuda/cardConstants.ts";
import { decode } from "./decoding/decoding.ts";
import { deviceWaves } from "./decoding/deviceDecoding.ts";
import { hostWaves } from "./decoding/hostDecoding.ts";
import { DecoderThreads, decoderCount } from "./decoding/threads/decoderThreads.ts";
import type { Network } from "./decoding/wave.ts";
import { checkDevice } from "./frozen/kernels.ts";
import type { Graph, Precision, Target } from "./graph/graph.ts";
import { type ModelConfig, readModelConfig } from "./model/modelConfig.ts";
import { parameterCount } from "./model/parameters.ts";
import { boundedTo } from "./model/usablePositions.ts";
import { endTokens, ownMemory, sharedMemory } from "./model/weights.ts";
import { openPolicy, type PolicyOptions } from "./openPolicy.ts";
import { chunkColumns } from "./ops/vocabulary.ts";
import { hasEntropy, LOSS_SCALE, logprobGraph, type MemoryPlan, updateGraph, valueGraph } from "./policyGraphs.ts";
import type { LearningRate } from "./residence/adamw.ts";
import type { AdamWSettings } from "./residence/coefficients.ts";
import { DeviceResidence } from "./residence/deviceResidence.ts";
import { HostResidence } from "./residence/hostResidence.ts";
import { isGradient, type Residence } from "./residence/residence.ts";
import { type Device, openDevice } from "./runtime/device.ts";
import { computesFromHost } from "./runtime/deviceKinds.ts";
import { checkHalfProducts } from "./runtime/halfProducts.ts";
import type { DeviceMemory } from "./runtime/resident.ts";
import type { Feed } from "./runtime/session.ts";
import { nothing, SessionPool } from "./runtime/sessionPool.ts";
import { countOf, type TrainedPolicy } from "./trainedPolicy.ts";
import { temperatureFeed, updateFeeds } from "./updateFeeds.ts";
import { hasValueHead, isOfValueHead } from "./valueHead/valueHead.ts";

export interface OnnxEngineOptions extends PolicyOptions {
  device: Device["name"];
  /** Threads of the CPU device. */
  threads: number;
  optimizer: AdamWSettings;
  /** Token rows, padding included, that go through the network at once. */
  microBatchTokens: number;
  /** Of the products of linear layers in training; float32 by default. Sampling is float32 always. */
  precision?: Precision;
  /** Whether a layer's results are computed again for its gradient instead of being kept; false by default. */
  checkpointing?: boolean;
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
  if (options.adapter?.frozen) await checkDevice(device, options.adapter.frozen);
  if (options.precision === "f16") await checkHalfProducts(device);
  const decoders = decoderCount(device.name, device.threads, parameterCount(config));
  const policy = openPolicy(options, config, decoders > 1 ? sharedMemory : ownMemory);
  const pool = new SessionPool(device);
  const residence = await residenceOf(pool, policy, options.optimizer);
  return new OnnxEngine(options, { config, device, pool, policy, residence, decoders });
}

function residenceOf(
  pool: SessionPool,
  { trained, inputShapes }: TrainedPolicy,
  optimizer: AdamWSettings,
): Residence | Promise<Residence> {
  if (computesFromHost(pool.device.name)) return new HostResidence(trained, optimizer);
  return DeviceResidence.create(pool, trained, inputShapes, optimizer);
}

/** What an engine is put together from. */
interface Parts {
  config: ModelConfig;
  device: Device;
  pool: SessionPool;
  policy: TrainedPolicy;
  residence: Residence;
  /** Threads that decode; one where the engine does it itself. */
  decoders: number;
}

class OnnxEngine implements OnnxPolicyEngine {
  readonly info: EngineInfo;
  readonly #ends: ReadonlySet<number>;
  readonly #config: ModelConfig;
  readonly #pool: SessionPool;
  readonly #plan: MemoryPlan & { precision: Precision };
  /** Of the next update, where its products are float16. */
  #scale: LossScale | undefined;
  readonly #policy: TrainedPolicy;
  readonly #residence: Residence;
  #limits: EngineLimits;
  /** Threads that share a call's prompts; started when they are first needed. */
  readonly #decoders: number;
  #threads: DecoderThreads | undefined;

  constructor(options: OnnxEngineOptions, { config, device, pool, policy, residence, decoders }: Parts) {
    this.#limits = { microBatchTokens: options.microBatchTokens, maxSequences: options.maxSequences ?? 256 };
    this.#ends = endTokens(options.model);
    this.#config = config;
    this.#pool = pool;
    this.#plan = {
      columns: chunkColumns(config.vocabulary, options.microBatchTokens),
      checkpointing: options.checkpointing ?? false,
      precision: options.precision ?? "f32",
    };
    this.#scale = this.#plan.precision === "f16" ? FIRST_SCALE : undefined;
    this.#decoders = decoders;
    this.#policy = policy;
    this.#residence = residence;
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

  get memory(): DeviceMemory {
    return this.#pool.memory;
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    checkPrompts(prompts, sampling.maxNewTokens, this.#config);
    if (this.#decoders > 1 && prompts.length > 1) {
      yield* this.#decoderThreads().generate(prompts, n, sampling, this.#limits.maxSequences, signal);
      return;
    }
    const waves = computesFromHost(this.#pool.device.name) ? hostWaves : deviceWaves;
    const weights = await this.#residence.feeds(this.#policy.inputs("current"));
    const policy = {
      config: this.#config,
      begin: waves(this.#pool, this.#network, weights),
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
    const build = () => logprobGraph(this.#config, this.#target, { ...this.#plan, lora: this.#policy.lora });
    const weights = await this.#residence.feeds(this.#policy.inputs(policy));
    return this.#perToken("logprobs", build, weights, { groups, others: [temperatureFeed(temperature)] }, signal);
  }

  async values(groups: Group[], signal?: AbortSignal): Promise<Float32Array[][]> {
    if (!hasValueHead(this.#policy))
      throw new RangeError("The engine was opened without a value head, so it has no values");
    const build = () => valueGraph(this.#config, this.#target, { lora: this.#policy.lora });
    const weights = await this.#residence.feeds(this.#policy.inputs("current"));
    return this.#perToken("values", build, weights, { groups, others: [] }, signal);
  }

  /** The output of that name of the graph that is called so too, for each token of the completions. */
  async #perToken(
    name: string,
    build: () => Graph,
    weights: ReadonlyMap<string, Feed>,
    { groups, others }: { groups: readonly Group[]; others: readonly [string, Feed][] },
    signal?: AbortSignal,
  ): Promise<Float32Array[][]> {
    checkGroups(groups, this.#config);
    const session = await this.#pool.get(name, build, nothing, cardConstants(this.#pool, this.#network, weights));
    const results: Float32Array[][] = groups.map(() => []);
    for (const batch of microBatches(groups, this.#limits.microBatchTokens)) {
      signal?.throwIfAborted();
      const feeds = new Map<string, Feed>([...weights, ...batchFeeds(groups, batch), ...others]);
      const outputs = await session.run(feeds, batch.sizes);
      collectTokens(outputs.get(name) as Float32Array, batch, results);
    }
    return results;
  }

  async update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics> {
    const started = performance.now();
    const { groups, objective } = request;
    if (groups.length === 0) throw new RangeError("An update needs a group");
    if (objective.kind === "ppo" && !hasValueHead(this.#policy))
      throw new RangeError("The objective ppo learns values, and the engine was opened without a value head");
    checkGroups(groups, this.#config);
    const build = () => updateGraph(this.#config, objective, this.#target, { ...this.#plan, lora: this.#policy.lora });
    const weights = await this.#residence.feeds(this.#policy.inputs("current"));
    const onCard = cardConstants(this.#pool, this.#network, weights);
    const session = await this.#pool.get(`update:${JSON.stringify(objective)}`, build, isGradient, onCard);
    const scale = this.#scale?.scale ?? 1;
    const batches = microBatches(groups, this.#limits.microBatchTokens);
    const empty = (): Float32Array[][] => groups.map(() => []);
    const [logprobs, entropies, values] = [empty(), empty(), empty()];
    let [loss, valueLoss] = [0, 0];
    for (const [index, batch] of batches.entries()) {
      signal?.throwIfAborted();
      const feeds = new Map<string, Feed>([
        ...weights,
        ...this.#policy.noise(batch, this.#residence.steps),
        ...updateFeeds(request, batch),
        [LOSS_SCALE, Float32Array.of(scale)],
      ]);
      const outputs = await this.#residence.differentiate(session, feeds, batch.sizes, index === 0);
      loss += outputs.get("loss")?.[0] as number;
      valueLoss += outputs.get("valueLoss")?.[0] ?? 0;
      for (const [name, results] of Object.entries({ logprobs, entropies, values })) {
        const rows = outputs.get(name);
        if (rows) collectTokens(rows, batch, results);
      }
    }
    signal?.throwIfAborted();
    const gradNorm = await this.#residence.step(ratesOf(request), scale);
    const finite = Number.isFinite(gradNorm);
    const scaling = this.#scale && { lossScaling: { scale, overflowed: !finite } };
    this.#scale &&= nextScale(this.#scale, finite);
    return {
      loss,
      gradNorm,
      ...scaling,
      logprobs,
      ...(hasEntropy(objective) && { entropies }),
      ...(objective.kind === "ppo" && { values, valueLoss }),
      tokens: tokensIn(groups),
      microBatches: batches.length,
      milliseconds: performance.now() - started,
    };
  }

  async limit(limits: EngineLimits): Promise<void> {
    this.#limits = limits;
  }

  async save(dir: string): Promise<void> {
    const state = await this.#residence.toHost();
    this.#policy.save(dir);
    saveOptimizer(join(dir, "optimizer.safetensors"), state, this.#policy.trainedShapes, this.#scale);
  }

  async load(dir: string): Promise<void> {
    const state = await this.#residence.toHost();
    this.#policy.load(dir);
    const scale = loadOptimizer(join(dir, "optimizer.safetensors"), state);
    this.#scale &&= scale ?? FIRST_SCALE;
    await this.#residence.fromHost(state);
  }

  async exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void> {
    await this.#residence.toHost();
    this.#policy.exportModel(dir, dtype);
  }

  async exportAdapter(dir: string): Promise<void> {
    await this.#residence.toHost();
    this.#policy.exportAdapter(dir);
  }

  async dispose(): Promise<void> {
    await this.#threads?.dispose();
    this.#threads = undefined;
    await this.#pool.dispose();
  }

  get #network(): Network {
    return { config: this.#config, lora: this.#policy.lora };
  }

  get #target(): Target {
    return this.#pool.target;
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
}

/** Prompts count once for their completions. */
const tokensIn = (groups: readonly Group[]): number =>
  groups.flatMap(({ prompt, completions }) => [prompt, ...completions]).reduce((sum, { length }) => sum + length, 0);

function ratesOf({ learningRate, valueLearningRate = learningRate }: UpdateRequest): LearningRate {
  return (parameter) => (isOfValueHead(parameter) ? valueLearningRate : learningRate);
}
