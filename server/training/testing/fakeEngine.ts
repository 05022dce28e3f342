/** A deterministic PolicyEngine over fakePolicy.ts: loop, server and kill tests run on it in a second, without ONNX. */
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { InputError } from "../../../schemas/problem.ts";
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
} from "../engine/policyEngine.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { asFloat32, readSafetensors, type TensorData, writeSafetensors } from "../engine/safetensors.ts";
import {
  Distributions,
  drawCompletion,
  type FakeConfig,
  initialLogits,
  sourceOf,
  tokenLoss,
  valueLoss,
} from "./fakePolicy.ts";

/** Parameters with the first and second moments of AdamW. */
type Learnt = Record<"theta" | "first" | "second", Float32Array>;

const learnt = (theta: Float32Array): Learnt => ({
  theta,
  first: new Float32Array(theta.length),
  second: new Float32Array(theta.length),
});
const norm = (gradient: Float64Array): number => Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
const tokenBefore = (prompt: Int32Array, tokens: Int32Array, position: number): number =>
  (position === 0 ? prompt.at(-1) : tokens[position - 1]) as number;

export function createEngine(options: EngineOptions): Promise<FakeEngine> {
  return Promise.resolve(new FakeEngine(options));
}

export class FakeEngine implements PolicyEngine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #config: FakeConfig;
  readonly #reference: Float32Array;
  #logits: Learnt;
  /** Of the logits as they are, and of the reference's, by temperature. */
  readonly #distributions = { current: new Map<number, Distributions>(), reference: new Map<number, Distributions>() };
  /** What is worth what comes after each token, where there is a value head. */
  #values: Learnt | undefined;
  #steps = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    const file = join(options.model, "config.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as Partial<FakeConfig>;
    if (config.likely_from === undefined)
      throw new InputError("this is no model of the fake engine", { file, key: "likely_from" });
    this.#config = config as FakeConfig;
    const trained = readdirSync(options.model).includes("model.safetensors");
    this.#reference = trained
      ? tensor(join(options.model, "model.safetensors"), "logits")
      : initialLogits(this.#config);
    this.#logits = learnt(this.#reference.slice());
    if (options.valueHead) this.#values = learnt(new Float32Array(this.#config.vocab_size));
    const parameters = this.#reference.length + (this.#values?.theta.length ?? 0);
    this.info = {
      device: options.device,
      threads: options.threads,
      parameters,
      trained: parameters,
      vocabulary: this.#config.vocab_size,
      architecture: "fake",
      runtime: "fake 1",
      bitwiseReproducible: true,
    };
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    const { eos_token_id: eos } = this.#config;
    for (const [index, prompt] of prompts.entries()) {
      for (let rollout = 0; rollout < n; rollout++) {
        await this.#delay(signal);
        const distributions = this.#distributionsOf("current", sampling.temperature || 1);
        yield drawCompletion(distributions, eos, prompt, { prompt: index, rollout }, sampling);
      }
    }
  }

  async logprobs(
    groups: Group[],
    policy: "current" | "reference",
    temperature: number,
    signal?: AbortSignal,
  ): Promise<Float32Array[][]> {
    await this.#delay(signal);
    const distributions = this.#distributionsOf(policy, temperature);
    return groups.map(({ prompt, completions }) =>
      completions.map((tokens) =>
        Float32Array.from(tokens, (token, position) => {
          const before = tokenBefore(prompt, tokens, position);
          return distributions.after(before).logprobs[token] as number;
        }),
      ),
    );
  }

  async values(groups: Group[], signal?: AbortSignal): Promise<Float32Array[][]> {
    await this.#delay(signal);
    const { theta } = this.#head();
    return groups.map(({ prompt, completions }) =>
      completions.map((tokens) =>
        Float32Array.from(tokens, (_, position) => theta[this.#source(prompt, tokens, position)] as number),
      ),
    );
  }

  async update(
    { groups, objective, temperature, learningRate, valueLearningRate = learningRate }: UpdateRequest,
    signal?: AbortSignal,
  ): Promise<UpdateMetrics> {
    const started = performance.now();
    if (this.#config.block_ms) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.#config.block_ms);
    const logprobs = await this.logprobs(groups, "current", temperature, signal);
    const values = objective.kind === "ppo" ? await this.values(groups, signal) : undefined;
    const distributions = this.#distributionsOf("current", temperature);
    const v = this.#config.vocab_size;
    const gradient = new Float64Array(this.#logits.theta.length);
    const valueGradient = new Float64Array(v);
    let loss = 0;
    let valueLosses = 0;
    let tokenCount = 0;
    for (const [g, { prompt, completions, signals }] of groups.entries()) {
      tokenCount += prompt.length;
      for (const [c, tokens] of completions.entries()) {
        tokenCount += tokens.length;
        for (const [position, token] of tokens.entries()) {
          const before = tokenBefore(prompt, tokens, position);
          const signalOf = signals[c];
          if (!signalOf) throw new Error(`No signal for completion ${c} of group ${g}`);
          const [value, slope] = tokenLoss(objective, signalOf, position, logprobs[g]?.[c]?.[position] as number);
          loss += value;
          if (objective.kind === "ppo" && signalOf.values) {
            const found = valueLoss(objective, signalOf.values, position, values?.[g]?.[c]?.[position] as number);
            const source = this.#source(prompt, tokens, position);
            valueGradient[source] = (valueGradient[source] as number) + found.slope;
            valueLosses += found.loss;
            loss += objective.valueCoefficient * found.loss;
          }
          if (slope === 0) continue;
          // d logp(token) / d logit_j = (1[j = token] − p_j) / T
          const { probabilities } = distributions.after(before);
          const { row } = sourceOf(this.#config, before);
          for (let j = 0; j < v; j++) {
            const derivative = ((j === token ? 1 : 0) - (probabilities[j] as number)) / temperature;
            gradient[row * v + j] = (gradient[row * v + j] as number) + slope * derivative;
          }
        }
      }
    }
    const gradNorm = Math.hypot(norm(gradient), norm(valueGradient));
    const scale = Math.min(1, this.#options.optimizer.maxGradNorm / (gradNorm + 1e-6));
    this.#steps++;
    this.#adamW(this.#logits, gradient, scale, learningRate);
    this.#distributions.current.clear();
    if (values) this.#adamW(this.#head(), valueGradient, scale, valueLearningRate);
    const milliseconds = performance.now() - started;
    const told = { loss, gradNorm, logprobs, tokens: tokenCount, microBatches: 1, milliseconds };
    return values ? { ...told, values, valueLoss: valueLosses } : told;
  }

  /** AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2). */
  #adamW({ theta, first, second }: Learnt, gradient: Float64Array, scale: number, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options.optimizer;
    const bias1 = 1 - beta1 ** this.#steps;
    const bias2 = 1 - beta2 ** this.#steps;
    for (let cell = 0; cell < gradient.length; cell++) {
      const g = (gradient[cell] as number) * scale;
      const m = beta1 * (first[cell] as number) + (1 - beta1) * g;
      const s = beta2 * (second[cell] as number) + (1 - beta2) * g * g;
      const weight = theta[cell] as number;
      first[cell] = m;
      second[cell] = s;
      theta[cell] = weight - learningRate * (m / bias1 / (Math.sqrt(s / bias2) + epsilon) + weightDecay * weight);
    }
  }

  /** How much goes through at once makes no difference to it. */
  async limit(_limits: EngineLimits): Promise<void> {}

  async save(dir: string): Promise<void> {
    const { theta, first, second } = this.#logits;
    write(join(dir, "model.safetensors"), { logits: theta });
    write(join(dir, "optimizer.safetensors"), { first, second, steps: Float32Array.of(this.#steps) });
    if (this.#values) write(join(dir, "value_head.safetensors"), { ...this.#values });
  }

  async load(dir: string): Promise<void> {
    const of = (name: string, file = "optimizer") => tensor(join(dir, `${file}.safetensors`), name);
    this.#logits = { theta: of("logits", "model"), first: of("first"), second: of("second") };
    this.#distributions.current.clear();
    this.#steps = of("steps")[0] as number;
    if (!this.#values) return;
    const [theta, first, second] = ["theta", "first", "second"].map((name) => of(name, "value_head"));
    this.#values = { theta, first, second } as Learnt;
  }

  async exportModel(dir: string): Promise<void> {
    for (const name of readdirSync(this.#options.model)) {
      if (name.endsWith(".json")) copyFileSync(join(this.#options.model, name), join(dir, name));
    }
    write(join(dir, "model.safetensors"), { logits: this.#logits.theta });
  }

  async exportAdapter(): Promise<void> {
    throw new RangeError("The fake policy has no adapter");
  }

  async dispose(): Promise<void> {}

  #distributionsOf(policy: "current" | "reference", temperature: number): Distributions {
    const logits = policy === "current" ? this.#logits.theta : this.#reference;
    const known = this.#distributions[policy];
    const found = known.get(temperature) ?? new Distributions(logits, this.#config, temperature);
    known.set(temperature, found);
    return found;
  }

  #head(): Learnt {
    if (this.#values === undefined) throw new RangeError("The engine was opened without a value head");
    return this.#values;
  }

  /** The token whose row the policy goes on from, and whose value is that of the state. */
  #source(prompt: Int32Array, tokens: Int32Array, position: number): number {
    return sourceOf(this.#config, tokenBefore(prompt, tokens, position)).row;
  }

  /** Takes its time, and sees a cancellation. */
  async #delay(signal?: AbortSignal): Promise<void> {
    if (this.#config.delay_ms) await sleep(this.#config.delay_ms);
    else await turn();
    signal?.throwIfAborted();
  }
}

function write(file: string, tensors: Record<string, Float32Array>): void {
  const entries = Object.entries(tensors).map(([name, data]): [string, TensorData] => [
    name,
    { dtype: "F32", shape: [data.length], data },
  ]);
  writeSafetensors(file, new Map(entries));
}

function tensor(file: string, name: string): Float32Array {
  const found = readSafetensors(file).tensors.get(name);
  if (!found) throw new InputError(`the tensor ${name} is missing`, { file });
  return asFloat32(found).slice();
}
