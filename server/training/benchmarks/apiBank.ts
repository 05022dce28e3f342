/**
 * API-Bank, levels 1 and 2 (DAMO-ConvAI, api-bank/evaluator.py), from its own dialogues: before each call of an API the policy is asked for
 * it. Level 1 offers the APIs of the dialogue, level 2 the tool search alone.
 *
 * The original runs a call against simulated APIs and compares what comes back. Here a call is right when name and parameters are the gold
 * call's, values as the simulators would convert them; one that differs and would have had the same effect counts as wrong.
 */
import { existsSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { Tool } from "../../../schemas/tools.ts";
import type { ChatMessage } from "../../prompts/chatTemplate.ts";
import { parseCompletion } from "../../toolcalls/completion.ts";
import { readJson } from "../../toolcalls/documents.ts";
import { isExactNumber, isJsonObject, jsonIn } from "../../toolcalls/json.ts";
import { apiBankCall, apiBankCallText } from "../../toolcalls/rewards/apiBank.ts";
import { readLines } from "../../toolcalls/textLines.ts";
import type { BenchmarkTask, BenchmarkVerdict } from "./benchmark.ts";

const LEVELS = [
  { folder: "level-1-given-desc", category: "level-1", search: false },
  { folder: "level-2-toolsearcher", category: "level-2", search: true },
] as const;

type Json = Record<string, unknown>;

interface GoldCall {
  name: string;
  parameters: Json;
}

/** @throws InputError where neither level is there, or a line is no turn of a dialogue */
export function apiBankTasks(folder: string): BenchmarkTask[] {
  const found = LEVELS.filter((level) => existsSync(join(folder, level.folder)));
  if (found.length === 0)
    throw new InputError(`There is no ${LEVELS.map((level) => level.folder).join(" or ")} in this folder.`, {
      file: folder,
    });
  const described = descriptionsIn(folder);
  return found.flatMap((level) =>
    globSync("*.jsonl", { cwd: join(folder, level.folder) })
      .sort()
      .flatMap((name) => tasksOf(join(folder, level.folder, name), level, described)),
  );
}

function tasksOf(file: string, level: (typeof LEVELS)[number], described: ReadonlyMap<string, Json>): BenchmarkTask[] {
  const turns = Array.from(readLines(file), ({ text, line }) => turnOf(text, file, line));
  const calls = turns.flatMap((turn, place) => (turn.role === "API" ? [{ place, call: callOf(turn) }] : []));
  const offered = level.search ? ["ToolSearcher"] : [...new Set(calls.map(({ call }) => call.name))];
  const tools = offered.map((name) =>
    toolOf(
      name,
      described.get(name),
      calls.map(({ call }) => call),
    ),
  );
  return calls.map(({ place, call }) => ({
    id: `${basename(file, ".jsonl")}#${place}`,
    category: level.category,
    messages: turns.slice(0, place).flatMap(messageOf),
    tools,
    called: [call.name],
    judge: (completion) => judge(completion, call),
  }));
}

function turnOf(text: string, file: string, line: number): Json {
  const turn = jsonIn(text);
  if (isJsonObject(turn) && (turn.role !== "API" || typeof turn.api_name === "string")) return turn;
  throw new InputError("This line is no turn of an API-Bank dialogue.", { file, line });
}

const callOf = (turn: Json): GoldCall => ({
  name: String(turn.api_name),
  parameters: isJsonObject(turn.param_dict) ? turn.param_dict : {},
});

/** As the original shows a dialogue to a chat model; its system messages between the turns are the user's here, which templates allow. */
function messageOf(turn: Json): ChatMessage[] {
  if (turn.role === "User") return [{ role: "user", content: String(turn.text) }];
  if (turn.role === "AI") return [{ role: "assistant", content: String(turn.text) }];
  const { name, parameters } = callOf(turn);
  const written = Object.entries(parameters).map(([key, value]) => `${key}='${textOf(value)}'`);
  const output = isJsonObject(turn.result) ? turn.result.output : null;
  return [{ role: "user", content: `[${name}(${written.join(", ")})] Response: ${JSON.stringify(output)}` }];
}

/** Descriptions of the APIs where they lie beside the dialogues (`tools_from_apis.json`). */
function descriptionsIn(folder: string): Map<string, Json> {
  const file = join(folder, "tools_from_apis.json");
  if (!existsSync(file)) return new Map();
  const { value } = readJson(file);
  const tools = Array.isArray(value) ? value.filter(isJsonObject) : [];
  return new Map(tools.map((tool) => [String(tool.name), tool]));
}

const TYPES: Readonly<Record<string, string>> = {
  int: "integer",
  float: "number",
  bool: "boolean",
  list: "array",
  "list(str)": "array",
};

/** An API without a description is offered by its name and the parameters that the dialogue gives it. */
function toolOf(name: string, described: Json | undefined, calls: readonly GoldCall[]): Tool {
  const inputs = isJsonObject(described?.input_parameters)
    ? described.input_parameters
    : Object.fromEntries(
        calls
          .filter((call) => call.name === name)
          .flatMap(({ parameters }) => Object.keys(parameters))
          .map((key) => [key, {}]),
      );
  const properties = Object.entries(inputs).map(([key, input]) => {
    const { type, description } = isJsonObject(input) ? input : {};
    const named = { type: TYPES[String(type)] ?? "string" };
    return [key, typeof description === "string" ? { ...named, description } : named];
  });
  return {
    type: "function",
    function: {
      name,
      ...(typeof described?.description === "string" && { description: described.description }),
      parameters: { type: "object", properties: Object.fromEntries(properties) },
    },
  };
}

/** The first call, in the policy's tags or as API-Bank has it written. */
function judge(completion: string, gold: GoldCall): BenchmarkVerdict {
  const call = firstCall(completion);
  if (call === undefined) return { right: false, reason: "no call was made" };
  if (call.name !== gold.name) return { right: false, reason: "another API was called" };
  const [given, wanted] = [Object.keys(call.parameters), Object.keys(gold.parameters)];
  const same =
    given.length === wanted.length &&
    wanted.every(
      (key) => Object.hasOwn(call.parameters, key) && textOf(call.parameters[key]) === textOf(gold.parameters[key]),
    );
  return same
    ? { right: true, reason: "the call is right" }
    : { right: false, reason: "the parameters are not the gold ones" };
}

function firstCall(completion: string): GoldCall | undefined {
  const [tagged] = parseCompletion(completion).calls;
  if (tagged !== undefined) return { name: tagged.name, parameters: { ...tagged.arguments } };
  const text = apiBankCallText(completion);
  const call = text === undefined ? undefined : apiBankCall(text);
  return call && { name: call.name, parameters: Object.fromEntries(call.parameters) };
}

/** Values are texts in a dialogue, whatever the API takes: a number is its digits, a list what it is as JSON with one kind of quotes. */
function textOf(value: unknown): string {
  if (typeof value === "string") return listText(value) ?? value;
  if (isExactNumber(value)) return value.rawJSON;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

/** `['a', "b"]` as a text, in the same form as the list itself; undefined where the text is no list. */
function listText(text: string): string | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    return JSON.stringify(JSON.parse(text.replaceAll("'", '"')));
  } catch {
    return undefined;
  }
}
