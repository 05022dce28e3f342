/**
 * Tool-N1's reward (NVlabs/Tool-N1, verl/verl/utils/reward_score/toolcall.py; arXiv 2505.00024): calls as one JSON list in the last
 * `<tool_call>` block, equal to the gold calls as texts with sorted keys. v0 is the published one.
 */
import type { ToolN1Variant } from "../../../schemas/rewards.ts";
import { PythonError } from "../python/error.ts";
import { loads, sameDump } from "../python/json.ts";
import { strip } from "../python/text.ts";
import { hashKey, isDict, itemsOf, lengthOf, member, type PythonKey, type PythonValue } from "../python/value.ts";

export interface ToolN1Score {
  total: number;
  /** Whether both think tags stand anywhere behind the last assistant marker. */
  thinks: boolean;
  /** What the calls are: none that can be read, wrong, of the right names, or right. */
  calls: "none" | "wrong" | "names" | "right";
}

/**
 * @param gold the calls as JSON
 * @throws PythonError where the original raises: a gold answer that is no list of calls, a block that holds a number or a boolean
 */
export function toolN1Score(completion: string, gold: string, variant: ToolN1Variant): ToolN1Score {
  const answer = loads(gold);
  const output = outputOf(completion, variant);
  const block = lastBlock(output);
  const result = asList(decodedBlock(block, variant));
  const wanted = typeof answer === "string" ? loads(answer) : answer;
  const thinks = output.includes("<think>") && output.includes("</think>");

  // Without a block, Llama's variant compares an empty list, so that a plain answer can be right.
  if (variant === "llama" && block === undefined) {
    const right = compare([], wanted) === "right";
    return { total: right ? 1 : 0, thinks, calls: right ? "right" : "none" };
  }
  if (result === null) return { total: totals(variant, thinks, "none"), thinks, calls: "none" };
  // v0 looks at the calls only where there are thoughts, so that a block which would raise does not.
  if ((variant === "v0" || variant === "llama") && !thinks) return { total: 0, thinks, calls: "wrong" };
  const calls = areCalls(result) ? compare(result, wanted) : "wrong";
  return { total: totals(variant, thinks, calls), thinks, calls };
}

/** The text of the block that the score looks at; undefined where there is none. */
export const judgedBlock = (completion: string, variant: ToolN1Variant): string | undefined =>
  lastBlock(outputOf(completion, variant));

const QWEN = "<|im_start|>assistant";
const LLAMA = "<|start_header_id|>assistant<|end_header_id|>";

function totals(variant: ToolN1Variant, thinks: boolean, calls: ToolN1Score["calls"]): number {
  const right = calls === "right";
  switch (variant) {
    case "v0":
    case "llama":
      return right && thinks ? 1 : 0;
    case "v1":
      if (right) return thinks ? 1.2 : 1;
      return thinks && calls !== "none" ? -0.2 : 0;
    case "v2":
      return right ? 1 : 0;
    case "v3":
    case "v4": {
      const thoughts = thinks ? 0.2 : 0;
      if (right) return thoughts + 0.8;
      return variant === "v4" && calls === "names" ? thoughts + 0.2 : thoughts;
    }
  }
}

const outputOf = (completion: string, variant: ToolN1Variant): string =>
  behindMarker(completion, variant === "llama" ? LLAMA : QWEN);

function behindMarker(text: string, marker: string): string {
  const at = text.lastIndexOf(marker);
  return at === -1 ? text : text.slice(at);
}

const OPEN = "<tool_call>";
const CLOSE = "</tool_call>";

/** Inside of the last match of `<tool_call>(.*?)</tool_call>`, matches taken from left to right without overlap. */
function lastBlock(text: string): string | undefined {
  let block: string | undefined;
  for (let at = 0; ; ) {
    const open = text.indexOf(OPEN, at);
    const close = open === -1 ? -1 : text.indexOf(CLOSE, open + OPEN.length);
    if (close === -1) return block;
    block = text.slice(open + OPEN.length, close);
    at = close + CLOSE.length;
  }
}

/** The block's value, a text in it decoded once more; null where either is no JSON. Llama's variant lets the second one raise. */
function decodedBlock(block: string | undefined, variant: ToolN1Variant): PythonValue {
  const value = block === undefined ? null : loadsOrNull(strip(block));
  if (typeof value !== "string") return value;
  return variant === "llama" ? loads(value) : loadsOrNull(value);
}

function loadsOrNull(text: string): PythonValue {
  try {
    return loads(text);
  } catch (error) {
    // An int of too many digits and too deep a nesting are other errors, which the code does not catch.
    if (error instanceof PythonError && error.kind === "JSONDecodeError") return null;
    throw error;
  }
}

const asList = (value: PythonValue): PythonValue => (isDict(value) ? [value] : value);

/** `validate_format`: dicts with both keys. An empty text has no item to object to, and counts as no calls. */
function areCalls(value: PythonValue): boolean {
  const items = [...itemsOf(value)];
  return items.every(isDict) && items.every((item) => isCall(item));
}

const isCall = (item: PythonValue): boolean => isDict(item) && item.has("name") && item.has("arguments");

/** `validate_result`: as multisets of calls, then of names. */
function compare(result: PythonValue, answer: PythonValue): "right" | "names" | "wrong" {
  const [given, wanted] = [lengthOf(result), lengthOf(answer)];
  if (given === 0 || wanted === 0) return given === wanted ? "right" : "wrong";
  let calls: [Call[], Call[]];
  try {
    calls = [callsOf(result), callsOf(answer)];
  } catch (error) {
    if (error instanceof PythonError && error.kind === "TypeError") return "wrong";
    throw error;
  }
  if (sameMultiset(...calls, (left, right) => Object.is(left.name, right.name) && sameDump(left.values, right.values)))
    return "right";
  return sameMultiset(...calls, (left, right) => Object.is(left.name, right.name)) ? "names" : "wrong";
}

interface Call {
  name: PythonKey;
  values: PythonValue;
}

function callsOf(list: PythonValue): Call[] {
  return [...itemsOf(list)].map((item) => {
    const [name, values] = [member(item, "name"), member(item, "arguments")];
    return { name: hashKey(name), values };
  });
}

function sameMultiset<T>(left: readonly T[], right: readonly T[], same: (left: T, right: T) => boolean): boolean {
  if (left.length !== right.length) return false;
  const rest = [...right];
  return left.every((item) => {
    const place = rest.findIndex((other) => same(item, other));
    if (place !== -1) rest.splice(place, 1);
    return place !== -1;
  });
}
