/** The models of this machine's cache, and whether they can be trained. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { chatOf } from "../../prompts/chat.ts";
import { ChatTemplate } from "../../prompts/chatTemplate.ts";
import { type CachedModel, cachedModels } from "../../prompts/modelCache.ts";
import { optionalModelJson } from "../../prompts/modelFile.ts";
import { incomplete } from "../../prompts/modelFolder.ts";
import { readModelConfig } from "../engine/onnx/model/modelConfig.ts";

export interface ListedModel {
  /** `org/name` */
  id: string;
  folder: string;
  /** `model_type` of config.json; empty where it names none. */
  family: string;
  /** Of its weights, as config.json names it: `bfloat16`. */
  dtype: string;
  /** Bytes of its weights. */
  bytes: number;
  /** Why it cannot be trained, one sentence; undefined where it can. */
  problem?: string;
  /** Who tells it of its tools where `settings.toolPrompt` is "auto"; undefined where it cannot be trained. */
  toolPrompt?: "template" | "system";
}

/** By name. Nothing of a model is read but its config.json and its chat template. */
export const listModels = (cache: string): ListedModel[] => cachedModels(cache).map(listed);

function listed({ id, folder, bytes, missing }: CachedModel): ListedModel {
  const config = configOf(folder);
  const text = (...keys: string[]): string =>
    keys.map((key) => config[key]).find((value): value is string => typeof value === "string") ?? "";
  const verdict = missing.length > 0 ? { problem: incomplete(id, missing) } : verdictOn(folder);
  return { id, folder, family: text("model_type"), dtype: text("dtype", "torch_dtype"), bytes, ...verdict };
}

function configOf(folder: string): Record<string, unknown> {
  try {
    return optionalModelJson(folder, "config.json");
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
}

/** That of the engine and of prompts, where there is a tokenizer at all: some models have it in another form only. */
function verdictOn(folder: string): Pick<ListedModel, "problem" | "toolPrompt"> {
  if (!existsSync(join(folder, "tokenizer.json")))
    return { problem: "It has no tokenizer.json, the one form of tokenizers that is read." };
  try {
    readModelConfig(folder);
    return { toolPrompt: chatOf(ChatTemplate.load(folder), "auto").told ? "system" : "template" };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}
