/** Length of an answer in the tokens of the model that the experiment names, and the budget that it sets. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ExperimentFile } from "../../../schemas/experiment.ts";
import { resolveSettings } from "../../../schemas/settings.ts";
import { isModelId } from "../../prompts/modelCache.ts";
import { modelFolder } from "../../prompts/modelFolder.ts";
import { Tokenizer } from "../../prompts/tokenizer.ts";
import { follows } from "../../toolcalls/check.ts";
import { member } from "../../toolcalls/dialects/read.ts";
import { parseJson } from "../../toolcalls/json.ts";
import { homesOf, liesWithin } from "../../toolcalls/project.ts";
import { experimentsNear } from "../workspace/experiments.ts";

export interface AnswerLength {
  tokens: number;
  /** Undefined where the experiment is not one that could be trained. */
  budget: number | undefined;
}

interface Model {
  tokenizer: Tokenizer;
  budget: number | undefined;
}

export class AnswerLengths {
  readonly #models = new Map<string, Model | undefined>();
  readonly #tokenizers = new Map<string, Tokenizer | undefined>();

  /** Undefined where no experiment names the file, or its model has no tokenizer. */
  of(file: string, answer: string): AnswerLength | undefined {
    if (!this.#models.has(file)) this.#models.set(file, this.#modelOf(file));
    const model = this.#models.get(file);
    return model && { tokens: model.tokenizer.encode(answer).length, budget: model.budget };
  }

  /** Experiments have changed. */
  forget(): void {
    this.#models.clear();
  }

  #modelOf(file: string): Model | undefined {
    for (const links of experimentsNear([file])) {
      const { train, heldOut, demonstrations } = links;
      if (![train, heldOut, demonstrations].includes(file)) continue;
      const experiment = readExperiment(links.file);
      const model = member(experiment, "model");
      if (typeof model !== "string") continue;
      const around = dirname(links.file);
      if (!isModelId(model) && !liesWithin(homesOf(links.file), resolve(around, model))) continue;
      const { folder } = modelFolder(model, around);
      const tokenizer = folder === undefined ? undefined : this.#tokenizer(folder);
      if (tokenizer !== undefined) return { tokenizer, budget: budgetOf(experiment) };
    }
    return undefined;
  }

  #tokenizer(folder: string): Tokenizer | undefined {
    if (!this.#tokenizers.has(folder)) this.#tokenizers.set(folder, load(folder));
    return this.#tokenizers.get(folder);
  }
}

/** As training has it: of the preset, where the file leaves it there. */
const budgetOf = (experiment: unknown): number | undefined =>
  follows(ExperimentFile, experiment) ? resolveSettings(experiment).lengths.response : undefined;

function load(folder: string): Tokenizer | undefined {
  if (!existsSync(join(folder, "tokenizer.json"))) return undefined;
  try {
    return Tokenizer.load(folder);
  } catch {
    // A tokenizer that cannot be used is told of where the experiment is started.
    return undefined;
  }
}

function readExperiment(file: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
