/**
 * Pairs of a completion and its gold answer, scored by the code of a published reward alone. A pair is a record as `loads` reads it, since
 * 1 and 1.0 are different answers. What is scored is what the original's function is called with: ToolRL's and Tool-N1's gold answers
 * are texts, BFCL's are decoded calls with the functions they are of.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type BfclDecoder,
  type BfclSettings,
  REWARD_DEFAULTS,
  type RewardSettings,
  type ToolN1Variant,
  type ToolRlSettings,
} from "../../../schemas/rewards.ts";
import { PythonError } from "../python/error.ts";
import { loads } from "../python/json.ts";
import { isDict, OpaqueValue, type PythonDict, PythonTuple, type PythonValue } from "../python/value.ts";
import { readLines } from "../textLines.ts";
import type { BfclTask, Language } from "./bfcl/checker.ts";
import { type BfclVerdict, judgeCompletion, judgeDecoded, judgeRelevance } from "./bfcl/score.ts";
import { toolN1Score } from "./toolN1.ts";
import { toolRlScore } from "./toolrl.ts";

/** What is wrong with a pair itself: no gold answer, a completion of the wrong type. */
export class PairFault extends Error {
  override readonly name = "PairFault";
}

/** @throws PairFault, and PythonError where the original raises */
export type PairScorer = (pair: PythonDict) => unknown;

function textIn(pair: PythonDict, key: string): string {
  const value = pair.get(key);
  if (typeof value === "string") return value;
  throw new PairFault(value === undefined ? `"${key}" is missing` : `"${key}" is not a text`);
}

function numberIn(pair: PythonDict, key: string, otherwise: number): number {
  const value = pair.get(key) ?? otherwise;
  if (typeof value === "number") return value;
  throw new PairFault(`"${key}" is not a number`);
}

/** `{completion, gold, step?, env?}`, env being the variables that choose a variant of the original. */
export function toolRlPairs(settings: ToolRlSettings): PairScorer {
  return (pair) => {
    const [completion, gold] = [textIn(pair, "completion"), textIn(pair, "gold")];
    const env = pair.get("env");
    const chosen = isDict(env) ? settingsOf(env) : settings;
    const { total, format, correctness, length } = toolRlScore(completion, gold, numberIn(pair, "step", 0), chosen);
    return { total, format, correctness, length };
  };
}

/** The original's environment variables as settings (rlla.py reads them at every call). */
function settingsOf(env: PythonDict): ToolRlSettings {
  const on = (name: string): boolean => env.get(name) === "1";
  const refined = on("REFINEDREWARD");
  const intermediate = on("INTERMEDIATEREWARD");
  const parts = [...(refined ? ["refined"] : []), ...(intermediate ? ["intermediate"] : [])].join("-");
  return {
    chat: chatOf(String(env.get("EXPERIMENT_NAME") ?? "")),
    correctnessMax: on("CORRECTMAX1") ? 1 : 3,
    length: !on("WITHLENGTH") ? "none" : on("SCHEDULELENGTH") ? "dynamic" : "fixed",
    twoStage: on("MAX1STEP30MAX3"),
    dynamicScale: on("SCHEDULEREWARD"),
    granularity: on("COARSEREWARD") ? "coarse" : ((parts || "fine") as ToolRlSettings["granularity"]),
  };
}

/** @throws PythonError for a name of neither family, as the original does */
function chatOf(experiment: string): ToolRlSettings["chat"] {
  const name = experiment.toLowerCase();
  if (name.includes("llama")) return "llama";
  if (name.includes("qwen")) return "qwen";
  throw new PythonError("NotImplementedError", `Unknown model name: ${experiment}`);
}

const VARIANTS: readonly ToolN1Variant[] = ["v0", "llama", "v1", "v2", "v3", "v4"];

/** `{completion, gold}`. All variants with their errors each, or the one that is asked for. */
function toolN1Pairs(variant?: ToolN1Variant): PairScorer {
  return (pair) => {
    const [completion, gold] = [textIn(pair, "completion"), textIn(pair, "gold")];
    if (variant !== undefined) return toolN1Score(completion, gold, variant).total;
    return Object.fromEntries(VARIANTS.map((one) => [one, orError(() => toolN1Score(completion, gold, one).total)]));
  };
}

function orError(score: () => number): number | { error: string } {
  try {
    return score();
  } catch (error) {
    if (error instanceof PythonError) return { error: error.message };
    throw error;
  }
}

const LANGUAGES: readonly Language[] = ["python", "java", "javascript"];
const DECODERS: readonly BfclDecoder[] = ["qwen-fc", "python-prompt", "tagged-python", "json-prompt"];

/** Of an id as BFCL gives them out: `live_simple_3-2-0` is of `live_simple`. */
function categoryIn(pair: PythonDict): string {
  if (pair.has("category")) return textIn(pair, "category");
  return textIn(pair, "id").replace(/_\d+(-\d+)*$/, "");
}

/** A line of BFCL's own result files: `{id, result}`. */
function judgedResult(
  pair: PythonDict,
  category: string,
  { decoder, underscoreToDot }: BfclSettings,
  files: BfclFiles | undefined,
): unknown {
  const id = textIn(pair, "id");
  if (files === undefined) throw new PairFault(`"${id}" refers to BFCL's files; name their folder with --corpus`);
  const task = { ...files.task(category, id), category, language: languageOf(category), underscoreToDot };
  const { valid, errorType } = judgeEntry(task, textIn(pair, "result"), decoder);
  return { valid, error_type: errorType };
}

/** `is_java` and `is_js` of BFCL, by the name of the category. */
export function languageOf(category: string): Language {
  if (category.includes("javascript")) return "javascript";
  return category.includes("java") ? "java" : "python";
}

/** As BFCL judges an entry of a category: by its calls, or by whether there are any. */
export function judgeEntry(task: BfclTask, completion: string, decoder: BfclDecoder): BfclVerdict {
  if (task.category.includes("irrelevance")) return judgeRelevance(completion, decoder, false);
  if (task.category.includes("relevance")) return judgeRelevance(completion, decoder, true);
  return judgeCompletion(task, completion, decoder);
}

/**
 * `{completion, category, language?, underscore_to_dot?, decoder?}` with `function` and `gold`, or with `ref`, the id of a question.
 * A decoder of `decoded` means that the completion is the list of calls already.
 *
 * @param files BFCL's own, for pairs that refer to them
 */
function bfclPairs(settings: BfclSettings, files?: BfclFiles): PairScorer {
  return (pair) => {
    const category = categoryIn(pair);
    if (pair.has("result")) return judgedResult(pair, category, settings, files);
    const language = oneOf(LANGUAGES, pair.get("language") ?? "python", "language");
    const underscoreToDot = pair.get("underscore_to_dot") ?? settings.underscoreToDot;
    const task: BfclTask = {
      ...taskIn(pair, category, files),
      category,
      language,
      underscoreToDot: underscoreToDot === true,
    };
    const { valid, errorType } =
      pair.get("decoder") === "decoded"
        ? judgeDecoded(task, marked(pair.get("completion") ?? null))
        : judgeCompletion(
            task,
            textIn(pair, "completion"),
            oneOf(DECODERS, pair.get("decoder") ?? settings.decoder, "decoder"),
          );
    return { valid, error_type: errorType };
  };
}

function oneOf<T extends string>(known: readonly T[], value: PythonValue, key: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new PairFault(`"${key}" must be one of ${known.join(", ")}`);
  return found;
}

function taskIn(
  pair: PythonDict,
  category: string,
  files: BfclFiles | undefined,
): Pick<BfclTask, "functions" | "gold"> {
  const [functions, gold] = [pair.get("function"), pair.get("gold")];
  if (functions !== undefined && gold !== undefined) return { functions, gold };
  const ref = textIn(pair, "ref");
  if (files === undefined) throw new PairFault(`"${ref}" refers to BFCL's files; name their folder with --corpus`);
  return files.task(category, ref);
}

/** A tuple, and what JSON has no form for, are marked in a pair: `{"__tuple__": […]}`, `{"__repr__": "b'x'"}`. */
function marked(value: PythonValue): PythonValue {
  if (Array.isArray(value)) return value.map(marked);
  if (!isDict(value)) return value;
  const items = value.get("__tuple__");
  if (value.size === 1 && Array.isArray(items)) return new PythonTuple(items.map(marked));
  if (value.size === 1 && value.has("__repr__")) return new OpaqueValue("object", String(value.get("__repr__")));
  return new Map([...value].map(([key, inner]) => [key, marked(inner)]));
}

/** Questions and possible answers by category, each file read when a pair first refers to it. */
export class BfclFiles {
  readonly #folder: string;
  readonly #tasks = new Map<string, Map<string, Pick<BfclTask, "functions" | "gold">>>();

  /** @param folder that holds `question` and `possible_answer` */
  constructor(folder: string) {
    this.#folder = folder;
  }

  task(category: string, id: string): Pick<BfclTask, "functions" | "gold"> {
    let tasks = this.#tasks.get(category);
    if (tasks === undefined) {
      tasks = this.#read(category);
      this.#tasks.set(category, tasks);
    }
    const task = tasks.get(id);
    if (task === undefined) throw new PairFault(`"${id}" is no question of ${category}`);
    return task;
  }

  #read(category: string): Map<string, Pick<BfclTask, "functions" | "gold">> {
    // Where the question is whether to call at all, there are no answers.
    const relevance = category.includes("relevance");
    const answers = relevance
      ? new Map<string, PythonValue>()
      : this.#byId("possible_answer", category, "ground_truth");
    const functions = this.#byId("question", category, "function");
    return new Map([...functions].map(([id, own]) => [id, { functions: own, gold: answers.get(id) ?? [] }]));
  }

  #byId(kind: string, category: string, key: string): Map<string, PythonValue> {
    const file = join(this.#folder, kind, `BFCL_v4_${category}.json`);
    if (!existsSync(file)) throw new PairFault(`there is no file ${file}`);
    const found = new Map<string, PythonValue>();
    for (const { text } of readLines(file)) {
      const record = loads(text);
      if (isDict(record)) found.set(String(record.get("id")), record.get(key) ?? []);
    }
    return found;
  }
}

/** The rewards whose pairs have a form of their own. */
export const PAIR_REWARDS = ["toolrl", "tool-n1", "bfcl-ast"] as const;

export function pairScorer(
  reward: (typeof PAIR_REWARDS)[number],
  {
    settings = REWARD_DEFAULTS,
    variant,
    files,
  }: { settings?: RewardSettings; variant?: ToolN1Variant; files?: BfclFiles },
): PairScorer {
  switch (reward) {
    case "toolrl":
      return toolRlPairs(settings.toolrl);
    case "tool-n1":
      return toolN1Pairs(variant);
    case "bfcl-ast":
      return bfclPairs(settings["bfcl-ast"], files);
  }
}
