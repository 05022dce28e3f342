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
import { drawCompletion, type FakeConfig, initialLogits, logSoftmax, sourceOf, tokenLoss } from "./fakePolicy.ts";

export function createEngine(options: EngineOptions): Promise<FakeEngine> {
  return Promise.resolve(new FakeEngine(options));
}

export class FakeEngine implements PolicyEngine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #config: FakeConfig;
  readonly #reference: Float32Array;
  #logits: Float32Array;
  /** First and second moments of AdamW, and steps taken. */
  #moments: [Float32Array, Float32Array];
  #steps = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    const file = join(options.model, "config.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as Partial<FakeConfig>;
    if (config.likely_from === undefined)
      throw new InputError("this is no model of the fake engine", { file, key: "likely_from" });
    this.#config = config as FakeConfig;
    const trained = readdirSync(options.model).includes("model.safetensors");
    this.#logits = trained ? tensor(join(options.model, "model.safetensors"), "logits") : initialLogits(this.#config);
    this.#reference = this.#logits.slice();
    this.#moments = [new Float32Array(this.#logits.length), new Float32Array(this.#logits.length)];
    this.info = {
      device: options.device,
      threads: options.threads,
      parameters: this.#logits.length,
      trained: this.#logits.length,
      vocabulary: this.#config.vocab_size,
      architecture: "fake",
      runtime: "fake 1",
      bitwiseReproducible: true,
    };
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    for (const [index, prompt] of prompts.entries()) {
      for (let rollout = 0; rollout < n; rollout++) {
        await this.#delay(signal);
        yield drawCompletion(this.#logits, this.#config, prompt, { prompt: index, rollout }, sampling);
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
    const logits = policy === "current" ? this.#logits : this.#reference;
    return groups.map(({ prompt, completions }) =>
      completions.map((tokens) =>
        Float32Array.from(tokens, (token, position) => {
          const before = (position === 0 ? prompt.at(-1) : tokens[position - 1]) as number;
          return logSoftmax(logits, this.#config, before, temperature)[token] as number;
        }),
      ),
    );
  }

  async values(): Promise<never> {
    throw new RangeError("The fake policy has no value head");
  }

  async update(
    { groups, objective, temperature, learningRate }: UpdateRequest,
    signal?: AbortSignal,
  ): Promise<UpdateMetrics> {
    const started = performance.now();
    if (this.#config.block_ms) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.#config.block_ms);
    const logprobs = await this.logprobs(groups, "current", temperature, signal);
    const v = this.#config.vocab_size;
    const gradient = new Float64Array(this.#logits.length);
    let loss = 0;
    let tokenCount = 0;
    for (const [g, { prompt, completions, signals }] of groups.entries()) {
      tokenCount += prompt.length;
      for (const [c, tokens] of completions.entries()) {
        tokenCount += tokens.length;
        for (const [position, token] of tokens.entries()) {
          const before = (position === 0 ? prompt.at(-1) : tokens[position - 1]) as number;
          const signalOf = signals[c];
          if (!signalOf) throw new Error(`No signal for completion ${c} of group ${g}`);
          const [value, slope] = tokenLoss(objective, signalOf, position, logprobs[g]?.[c]?.[position] as number);
          loss += value;
          if (slope === 0) continue;
          // d logp(token) / d logit_j = (1[j = token] − p_j) / T
          const distribution = logSoftmax(this.#logits, this.#config, before, temperature);
          const { row } = sourceOf(this.#config, before);
          for (let j = 0; j < v; j++) {
            const derivative = ((j === token ? 1 : 0) - Math.exp(distribution[j] as number)) / temperature;
            gradient[row * v + j] = (gradient[row * v + j] as number) + slope * derivative;
          }
        }
      }
    }
    const gradNorm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
    this.#adamW(gradient, Math.min(1, this.#options.optimizer.maxGradNorm / (gradNorm + 1e-6)), learningRate);
    const milliseconds = performance.now() - started;
    return { loss, gradNorm, logprobs, tokens: tokenCount, microBatches: 1, milliseconds };
  }

  /** AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2). */
  #adamW(gradient: Float64Array, scale: number, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options.optimizer;
    const [first, second] = this.#moments;
    this.#steps++;
    const bias1 = 1 - beta1 ** this.#steps;
    const bias2 = 1 - beta2 ** this.#steps;
    for (const [cell, raw] of gradient.entries()) {
      const g = raw * scale;
      const m = beta1 * (first[cell] as number) + (1 - beta1) * g;
      const s = beta2 * (second[cell] as number) + (1 - beta2) * g * g;
      const weight = this.#logits[cell] as number;
      first[cell] = m;
      second[cell] = s;
      this.#logits[cell] =
        weight - learningRate * (m / bias1 / (Math.sqrt(s / bias2) + epsilon) + weightDecay * weight);
    }
  }

  /** How much goes through at once makes no difference to it. */
  async limit(_limits: EngineLimits): Promise<void> {}

  async save(dir: string): Promise<void> {
    const [first, second] = this.#moments;
    write(join(dir, "model.safetensors"), { logits: this.#logits });
    write(join(dir, "optimizer.safetensors"), { first, second, steps: Float32Array.of(this.#steps) });
  }

  async load(dir: string): Promise<void> {
    const optimizer = join(dir, "optimizer.safetensors");
    this.#logits = tensor(join(dir, "model.safetensors"), "logits");
    this.#moments = [tensor(optimizer, "first"), tensor(optimizer, "second")];
    this.#steps = tensor(optimizer, "steps")[0] as number;
  }

  async exportModel(dir: string): Promise<void> {
    for (const name of readdirSync(this.#options.model)) {
      if (name.endsWith(".json")) copyFileSync(join(this.#options.model, name), join(dir, name));
    }
    write(join(dir, "model.safetensors"), { logits: this.#logits });
  }

  async exportAdapter(): Promise<void> {
    throw new RangeError("The fake policy has no adapter");
  }

  async dispose(): Promise<void> {}

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
