/** A policy whose weights stay as they are while an adapter of them is trained: no gradient, moments or second copy of them. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { type Lora, scaleOf } from "../../lora.ts";
import type { MicroBatch } from "../batching/microBatch.ts";
import { frozenShapes } from "../frozen/frozenParameters.ts";
import { loadFrozen, originalWeights } from "../frozen/frozenWeights.ts";
import { exportModel } from "../model/exportModel.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { countOfShapes, parameterCount, parameterShapes } from "../model/parameters.ts";
import { type Allocate, type Inputs, loadWeights, placed, type Weights } from "../model/weights.ts";
import type { TrainedPolicy } from "../trainedPolicy.ts";
import { ADAPTER_SCALE, adapterShapes, newAdapter } from "./adapterParameters.ts";
import { columnFactors, DROPOUT_ROWS, rowFactors } from "./dropoutFactors.ts";
import { mergedWeights } from "./merging.ts";
import { type BaseModel, baseModelOf, readBaseOf } from "./peft/baseModel.ts";
import { readAdapter, writeAdapter } from "./peft/peftFiles.ts";

export interface AdapterOptions {
  lora: Lora;
  /** Seed of its first values and of dropout. */
  seed: number;
  /** PEFT adapter directory that it starts from, in place of a policy that is unchanged. */
  initial?: string | undefined;
}

export class AdaptedPolicy implements TrainedPolicy {
  readonly lora: Lora;
  readonly trained: Weights;
  readonly trainedShapes: ReadonlyMap<string, number[]>;
  readonly inputShapes: ReadonlyMap<string, number[]>;
  readonly parameters: number;
  readonly #model: string;
  readonly #config: ModelConfig;
  readonly #seed: number;
  /** The weights in float32, each for whoever asks. */
  readonly #base: Pick<Weights, "get">;
  readonly #inputs: Record<"current" | "reference", Inputs>;
  /** Made when they are first asked for, as both cost time. */
  #columns: Weights | undefined;
  #identity: BaseModel | undefined;

  /** @throws InputError where the directory's weights, or the adapter to start from, cannot be used */
  constructor(model: string, config: ModelConfig, { lora, seed, initial }: AdapterOptions, allocate: Allocate) {
    this.#model = model;
    this.#config = config;
    this.#seed = seed;
    this.lora = lora;
    this.trained = placed(newAdapter(config, lora, seed), allocate);
    // Before the weights are: a fault of a small file should not cost the reading of a large one.
    if (initial !== undefined) readAdapter(initial, lora, this.trained, adapterShapes(config, lora));
    let frozen: Inputs;
    if (lora.frozen === undefined) {
      const weights = placed(loadWeights(model, config), allocate);
      [frozen, this.#base] = [weights, weights];
    } else {
      frozen = loadFrozen(model, config, lora.frozen, allocate);
      this.#base = originalWeights(model, config);
    }
    this.trainedShapes = adapterShapes(config, lora);
    const shapes = lora.frozen === undefined ? parameterShapes(config) : frozenShapes(config, lora.frozen);
    this.inputShapes = new Map([...shapes, ...this.trainedShapes]);
    this.parameters = parameterCount(config) + countOfShapes(this.trainedShapes);
    const scaledBy = (scale: number): Inputs =>
      new Map([...frozen, ...this.trained, [ADAPTER_SCALE, Float32Array.of(scale)]]);
    this.#inputs = { current: scaledBy(scaleOf(lora)), reference: scaledBy(0) };
  }

  inputs(policy: "current" | "reference"): Inputs {
    return this.#inputs[policy];
  }

  noise(batch: MicroBatch, update: number): Weights {
    if (this.lora.dropout === 0) return new Map();
    this.#columns ??= columnFactors(this.#config, this.lora, this.#seed);
    return new Map([...this.#columns, [DROPOUT_ROWS, rowFactors(batch, this.#seed, update)]]);
  }

  save(dir: string): void {
    this.#identity ??= baseModelOf(this.#model);
    writeAdapter(dir, this.lora, this.trained, this.trainedShapes, this.#identity);
  }

  load(dir: string): void {
    this.#identity ??= baseModelOf(this.#model);
    const saved = readBaseOf(dir);
    if (saved.sha256 !== this.#identity.sha256) {
      throw new InputError(
        `The checkpoint's adapter was trained on other weights (then in ${plain(saved.path, 300)}) than those that are in ` +
          `${plain(this.#model, 300)} now; put them back, or start a new run.`,
        { file: dir },
      );
    }
    readAdapter(dir, this.lora, this.trained, this.trainedShapes);
  }

  merged(): Pick<Weights, "get"> {
    this.#checkUnchanged();
    return mergedWeights(this.#base, this.trained, this.#config, this.lora);
  }

  exportModel(dir: string, dtype: "f32" | "bf16"): void {
    exportModel(dir, this.#model, this.merged(), this.#config, dtype);
  }

  exportAdapter(dir: string): void {
    this.save(dir);
  }

  /** What is read anew from the files has to be what the adapter was trained on. */
  #checkUnchanged(): void {
    if (this.lora.frozen === undefined || this.#identity === undefined) return;
    if (baseModelOf(this.#model).sha256 === this.#identity.sha256) return;
    throw new InputError(
      `The weights in ${plain(this.#model, 300)} have changed since the adapter was trained on them, so it cannot be merged ` +
        `into them; put them back, or export the adapter alone.`,
      { file: this.#model },
    );
  }
}
