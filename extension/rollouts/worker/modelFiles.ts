/** What a run's prompts and tokens are read with: its tools, its tokenizer and its chat template, read when a person asks for them. */
import { existsSync } from "node:fs";
import { InputError } from "../../../schemas/problem.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { cacheFolder } from "../../../server/prompts/modelCache.ts";
import type { PromptRenderer } from "../../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../../server/prompts/tokenizer.ts";
import { loadCatalog, type ToolMap } from "../../../server/toolcalls/catalog.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { homesOfRun, liesWithin } from "../../../server/toolcalls/project.ts";
import { loadRenderer } from "../../../server/training/dataset.ts";

const NO_TOOLS: ToolMap = new Map();

export class ModelFiles {
  readonly #experiment: RunRecord["experiment"];
  readonly #homes: readonly string[];
  #tools: ToolMap | undefined;
  #model: { tokenizer: Tokenizer; renderer: PromptRenderer } | undefined;

  /** @param folder of the run */
  constructor({ experiment }: RunRecord, folder: string) {
    this.#experiment = experiment;
    this.#homes = [...homesOfRun(folder), cacheFolder()];
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
    this.#tools ??= loadCatalog(this.#experiment.tools.map((file) => this.#own(file)));
    return this.#tools;
  }

  /** A record may have come with its folder, and is looked at before anybody trusts it. */
  #own(path: string): string {
    if (liesWithin(this.#homes, path)) return path;
    throw new InputError(
      `${plain(path, 300)} lies outside of the run's project; allow its folder (toolexpander.allowedFolders)`,
    );
  }

  #opened() {
    const model = this.#own(this.#experiment.model);
    if (!this.#model && !existsSync(model)) throw new InputError(`the model's folder ${model} is no longer there`);
    this.#model ??= loadRenderer(this.#experiment, this.#catalog());
    return this.#model;
  }
}
