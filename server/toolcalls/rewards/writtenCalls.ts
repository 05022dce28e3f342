/** The calls of a completion in the form that its reward reads, for people who compare them with the gold calls. */
import { isRewardName, type RewardSettings } from "../../../schemas/rewards.ts";
import type { ToolCall } from "../../../schemas/samples.ts";
import { parseCompletion } from "../completion.ts";
import { exactNumber, isJsonObject, jsonIn } from "../json.ts";
import { PythonError } from "../python/error.ts";
import { isDict, OpaqueValue, type PythonKey, PythonTuple, type PythonValue, WholeFloat } from "../python/value.ts";
import { decode } from "./bfcl/decode.ts";
import { readExamples } from "./examples.ts";
import { judgedBlock } from "./toolN1.ts";
import { answerIn, callLines } from "./toolrlText.ts";

/**
 * Those that can be read: what is no call is left out. Never throws.
 *
 * @param reward as the experiment names it; a file of the researcher's own reads the stock form
 */
export function writtenCalls(completion: string, reward: string, settings: RewardSettings): ToolCall[] {
  if (!isRewardName(reward)) return parseCompletion(completion).calls;
  switch (reward) {
    case "toolexpander":
      return parseCompletion(completion).calls;
    case "set":
      return parseCompletion(readExamples(completion).rest).calls;
    case "toolrl":
    case "toolrl-paper":
      return (callLines(answerIn(completion, settings.toolrl.chat)) ?? []).flatMap((line) =>
        callIn(jsonIn(line), "parameters"),
      );
    case "tool-n1":
      return listedCalls(judgedBlock(completion, settings["tool-n1"].variant));
    case "bfcl-ast":
      return decodedCalls(completion, settings["bfcl-ast"].decoder);
  }
}

function callIn(value: unknown, key: "arguments" | "parameters"): ToolCall[] {
  if (!isJsonObject(value) || typeof value.name !== "string" || value.name === "") return [];
  const values = value[key];
  return isJsonObject(values) ? [{ name: value.name, arguments: values }] : [];
}

/** One JSON list, or one call; a text in it decoded once more, as Tool-N1 does. */
function listedCalls(block: string | undefined): ToolCall[] {
  let value = block === undefined ? undefined : jsonIn(block);
  if (typeof value === "string") value = jsonIn(value);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => callIn(item, "arguments"));
}

function decodedCalls(completion: string, decoder: RewardSettings["bfcl-ast"]["decoder"]): ToolCall[] {
  let decoded: PythonValue;
  try {
    decoded = decode(completion, decoder);
  } catch (error) {
    if (error instanceof PythonError) return [];
    throw error;
  }
  const calls = Array.isArray(decoded) ? decoded.filter(isDict) : [];
  return calls.flatMap((call) =>
    [...call].flatMap(([name, values]) => {
      const value = jsonOf(values);
      return typeof name === "string" && name !== "" && isJsonObject(value) ? [{ name, arguments: value }] : [];
    }),
  );
}

/** As JSON has it: tuples as lists, keys as texts, and what JSON has no form for as it was written. */
function jsonOf(value: PythonValue): unknown {
  if (typeof value === "bigint") return exactNumber(String(value));
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof OpaqueValue) return value.text;
  if (value instanceof PythonTuple) return value.items.map(jsonOf);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (isDict(value)) return Object.fromEntries([...value].map(([key, item]) => [keyOf(key), jsonOf(item)]));
  return value;
}

const keyOf = (key: PythonKey): string => {
  const value = jsonOf(key);
  return typeof value === "string" ? value : JSON.stringify(value);
};
