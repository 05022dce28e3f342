/** BFCL's single-turn categories, from its own files of questions and possible answers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { BfclSettings } from "../../../schemas/rewards.ts";
import type { Tool } from "../../../schemas/tools.ts";
import type { ChatMessage } from "../../prompts/chatTemplate.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject, jsonIn } from "../../toolcalls/json.ts";
import { PythonError } from "../../toolcalls/python/error.ts";
import { BfclFiles, judgeEntry, languageOf } from "../../toolcalls/rewards/pairs.ts";
import { readLines } from "../../toolcalls/textLines.ts";
import type { BenchmarkTask, BenchmarkVerdict } from "./benchmark.ts";

const BFCL_CATEGORIES = [
  "simple_python",
  "simple_java",
  "simple_javascript",
  "multiple",
  "parallel",
  "parallel_multiple",
  "irrelevance",
  "live_simple",
  "live_multiple",
  "live_parallel",
  "live_parallel_multiple",
  "live_irrelevance",
  "live_relevance",
] as const;

/**
 * The tasks of the categories whose files are there.
 * @param folder that holds `question` and `possible_answer`
 * @throws InputError where there is no question file at all, or a line that is no question
 */
export function bfclTasks(
  folder: string,
  settings: BfclSettings,
  categories: readonly string[] = BFCL_CATEGORIES,
): BenchmarkTask[] {
  const files = new BfclFiles(folder);
  const found = categories.filter((category) => existsSync(questionsOf(folder, category)));
  if (found.length === 0) {
    throw new InputError(
      `There is no question/BFCL_v4_<category>.json of ${categories.map((name) => plain(name)).join(", ")} in this folder.`,
      { file: folder },
    );
  }
  return found.flatMap((category) => tasksOf(folder, category, files, settings));
}

const questionsOf = (folder: string, category: string): string => join(folder, "question", `BFCL_v4_${category}.json`);

function tasksOf(folder: string, category: string, files: BfclFiles, settings: BfclSettings): BenchmarkTask[] {
  const file = questionsOf(folder, category);
  return Array.from(readLines(file), ({ text, line }) => {
    const value = jsonIn(text);
    const [turn] = isJsonObject(value) && Array.isArray(value.question) ? value.question : [];
    if (!isJsonObject(value) || typeof value.id !== "string" || !Array.isArray(turn))
      throw new InputError("This line is no BFCL question.", { file, line });
    const { id } = value;
    const functions = Array.isArray(value.function) ? value.function : [value.function];
    const entry = { ...files.task(category, id), category, language: languageOf(category) };
    const task = { ...entry, underscoreToDot: settings.underscoreToDot };
    return {
      id,
      category,
      messages: turn.flatMap(messageOf),
      tools: functions.flatMap((one) => toolOf(one, settings.underscoreToDot)),
      called: calledIn(entry.gold),
      judge: (completion) => verdictOf(() => judgeEntry(task, completion, settings.decoder)),
    };
  });
}

/** A question that BFCL itself cannot judge is not answered right, and says why. */
function verdictOf(judge: () => { valid: boolean; errorType: string | null }): BenchmarkVerdict {
  try {
    const { valid, errorType } = judge();
    return { right: valid, reason: errorType ?? "valid" };
  } catch (error) {
    if (error instanceof PythonError) return { right: false, reason: `BFCL raises ${plain(error.message, 160)}` };
    throw error;
  }
}

function messageOf(message: unknown): ChatMessage[] {
  if (!isJsonObject(message) || typeof message.content !== "string") return [];
  const { role, content } = message;
  return role === "system" || role === "user" || role === "assistant" ? [{ role, content }] : [];
}

/** Names of the functions of the gold calls. */
function calledIn(gold: unknown): string[] {
  if (!Array.isArray(gold)) return [];
  return gold.flatMap((call) => (call instanceof Map ? [...call.keys()].map(String) : []));
}

/** `GORILLA_TO_OPENAPI` (bfcl_eval/constants/type_mappings.py): what models are shown. */
const OPENAPI: Readonly<Record<string, string>> = {
  float: "number",
  double: "number",
  bool: "boolean",
  Boolean: "boolean",
  dict: "object",
  HashMap: "object",
  Hashtable: "object",
  tuple: "array",
  list: "array",
  Array: "array",
  ArrayList: "array",
  Queue: "array",
  Stack: "array",
  Set: "array",
  any: "string",
  Any: "string",
  String: "string",
  char: "string",
  byte: "integer",
  short: "integer",
  long: "integer",
  Bigint: "integer",
};

function toolOf(documented: unknown, underscoreToDot: boolean): Tool[] {
  if (!isJsonObject(documented) || typeof documented.name !== "string") return [];
  const name = underscoreToDot ? documented.name.replaceAll(".", "_") : documented.name;
  const description = typeof documented.description === "string" ? { description: documented.description } : {};
  const parameters = schemaOf(documented.parameters);
  return [{ type: "function", function: { name, ...description, ...(isJsonObject(parameters) && { parameters }) } }];
}

/** The schema with OpenAPI's names of types, all the way down. */
function schemaOf(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const { type, items, properties } = schema;
  return {
    ...schema,
    ...(typeof type === "string" && { type: OPENAPI[type] ?? type }),
    ...(items !== undefined && { items: schemaOf(items) }),
    ...(isJsonObject(properties) && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, schemaOf(inner)])),
    }),
  };
}
