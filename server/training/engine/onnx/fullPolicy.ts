/** Full fine-tuning: every weight is trained, and the reference is a second copy of them. */
import { join } from "node:path";
import { exportModel } from "./model/exportModel.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import { parameterShapes } from "./model/parameters.ts";
import { type Allocate, loadWeights, placed, saveWeights, type Weights } from "./model/weights.ts";
import { countOf, type TrainedPolicy } from "./trainedPolicy.ts";

const NONE: Weights = new Map();

export class FullPolicy implements TrainedPolicy {
  readonly lora = undefined;
  readonly trained: Weights;
  readonly trainedShapes: ReadonlyMap<string, number[]>;
  readonly inputShapes: ReadonlyMap<string, number[]>;
  readonly parameters: number;
  readonly #model: string;
  readonly #config: ModelConfig;
  /** Read when it is first asked for. */
  #reference: Weights | undefined;

  /** @throws InputError where the directory's weights cannot be used */
  constructor(model: string, config: ModelConfig, allocate: Allocate) {
    this.#model = model;
    this.#config = config;
    this.trained = placed(loadWeights(model, config), allocate);
    this.trainedShapes = parameterShapes(config);
    this.inputShapes = this.trainedShapes;
    this.parameters = countOf(this.trained);
  }

  inputs(policy: "current" | "reference"): Weights {
    if (policy === "current") return this.trained;
    this.#reference ??= loadWeights(this.#model, this.#config);
    return this.#reference;
  }

  noise(): Weights {
    return NONE;
  }

  save(dir: string): void {
    saveWeights(join(dir, "model.safetensors"), this.trained, this.#config, "f32");
  }

  load(dir: string): void {
    loadWeights(dir, this.#config, this.trained);
  }

  merged(): Weights {
    return this.trained;
  }

  exportModel(dir: string, dtype: "f32" | "bf16"): void {
    exportModel(dir, this.#model, this.trained, this.#config, dtype);
  }

  exportAdapter(): never {
    throw new RangeError("A policy all of whose weights are trained has no adapter");
  }
}
