/** What a run's prompts and tokens are read with: its tools, its tokenizer and its chat template, read when a person asks for them. */
import { existsSync } from "node:fs";
import { InputError } from "../../../schemas/problem.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import type { PromptRenderer } from "../../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../../server/prompts/tokenizer.ts";
import { loadCatalog, type ToolMap } from "../../../server/toolcalls/catalog.ts";
import { loadRenderer } from "../../../server/training/dataset.ts";

const NO_TOOLS: ToolMap = new Map();

export class ModelFiles {
  readonly #experiment: RunRecord["experiment"];
  #tools: ToolMap | undefined;
  #model: { tokenizer: Tokenizer; renderer: PromptRenderer } | undefined;

  constructor({ experiment }: RunRecord) {
    this.#experiment = experiment;
  }

  /** @throws InputError where the files are gone or cannot be read */
  get tokenizer(): Tokenizer {
    return this.#opened().tokenizer;
  }

  /** @throws InputError as tokenizer */
  get renderer(): PromptRenderer {
    return this.#opened().renderer;
  }

  /** None where a catalog is gone: only rewards that look at schemas miss them. */
  get tools(): ToolMap {
    try {
      return this.#catalog();
    } catch (error) {
      if (error instanceof InputError) return NO_TOOLS;
      throw error;
    }
  }

  #catalog(): ToolMap {
    this.#tools ??= loadCatalog(this.#experiment.tools);
    return this.#tools;
  }

  #opened() {
    const { model } = this.#experiment;
    if (!this.#model && !existsSync(model)) throw new InputError(`the model's folder ${model} is no longer there`);
    this.#model ??= loadRenderer(this.#experiment, this.#catalog());
    return this.#model;
  }
}
