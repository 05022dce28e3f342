/**
 * ToolRL's reward as the paper has it (arXiv 2504.13958v1 §3.3), where that differs from the code (toolrl.ts): names are a set, calls are
 * matched so that the whole is worth most, and values are equal as JSON values, of which 1 and true are two.
 *
 *     R = R_format + R_correct,   R_format ∈ {0, 1},   R_correct = 6 · R_max / S_max − 3,   S_max = 1 + |G| + Σ_j |keys(G_j)|
 *     r_name = |N_G ∩ N_P| / |N_G ∪ N_P|
 *     r_param = Σ_j |keys(G_j) ∩ keys(P_j)| / |keys(G_j) ∪ keys(P_j)|,   r_value = Σ_j Σ_k 1[G_j[k] = P_j[k]]
 *
 * Where the paper is silent: calls of different names are not matched, two calls without parameters have a key overlap of 1, a gold
 * completion without calls gives R_correct 3 when none was made and −3 else.
 */
import type { ToolRlSettings } from "../../../schemas/rewards.ts";
import { sameValue } from "../compare.ts";
import { isJsonObject, parseExactJson } from "../json.ts";
import { bestAssignment } from "./assignment.ts";
import { answerIn, callLines, formatIsRight } from "./toolrlText.ts";

export interface PaperScore {
  total: number;
  format: number;
  correctness: number;
  parts: { name: number; param: number; value: number };
  /** What is wrong with the calls as such. */
  fault?: string;
}

export interface PaperCall {
  name: string;
  parameters: Readonly<Record<string, unknown>>;
}

const nothing = { name: 0, param: 0, value: 0 };

/** @param gold the gold completion; its tags say which blocks are needed */
export function toolRlPaperScore(
  completion: string,
  gold: string,
  goldCalls: readonly PaperCall[],
  chat: ToolRlSettings["chat"],
): PaperScore {
  const answer = answerIn(completion, chat);
  const format = formatIsRight(answer, gold) ? 1 : 0;
  const calls = readCalls(answer);
  if (typeof calls === "string") return { total: format - 3, format, correctness: -3, parts: nothing, fault: calls };
  if (goldCalls.length === 0) {
    const correctness = calls.length === 0 ? 3 : -3;
    return { total: format + correctness, format, correctness, parts: nothing };
  }
  const parts = match(goldCalls, calls);
  const most = 1 + goldCalls.reduce((sum, { parameters }) => sum + 1 + Object.keys(parameters).length, 0);
  const correctness = (6 * (parts.name + parts.param + parts.value)) / most - 3;
  return { total: format + correctness, format, correctness, parts };
}

/** Calls of a completion; a sentence where they cannot be read. */
function readCalls(answer: string): PaperCall[] | string {
  const calls: PaperCall[] = [];
  for (const line of callLines(answer) ?? []) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = parseExactJson(line);
    } catch {
      return `line ${calls.length + 1} of the tool calls is no JSON`;
    }
    if (!isJsonObject(value) || typeof value.name !== "string" || !isJsonObject(value.parameters))
      return `call ${calls.length + 1} is no object with "name" and "parameters"`;
    calls.push({ name: value.name, parameters: value.parameters });
  }
  return calls;
}

function match(gold: readonly PaperCall[], predicted: readonly PaperCall[]): PaperScore["parts"] {
  const pairs = gold.map((call) =>
    predicted.map((other) => (call.name === other.name ? compare(call, other) : nothing)),
  );
  const columns = bestAssignment(pairs.map((row) => row.map(({ param, value }) => param + value)));
  const parts = { name: nameOverlap(gold, predicted), param: 0, value: 0 };
  for (const [row, column] of columns.entries()) {
    const found = pairs[row]?.[column] ?? nothing;
    parts.param += found.param;
    parts.value += found.value;
  }
  return parts;
}

function nameOverlap(gold: readonly PaperCall[], predicted: readonly PaperCall[]): number {
  const [wanted, given] = [new Set(gold.map(({ name }) => name)), new Set(predicted.map(({ name }) => name))];
  const shared = [...wanted].filter((name) => given.has(name)).length;
  return shared / (wanted.size + given.size - shared);
}

function compare({ parameters: gold }: PaperCall, { parameters: given }: PaperCall): PaperScore["parts"] {
  const keys = Object.keys(gold);
  const shared = keys.filter((key) => Object.hasOwn(given, key));
  const union = keys.length + Object.keys(given).length - shared.length;
  const value = shared.filter((key) => sameValue(gold[key], given[key])).length;
  return { name: 0, param: union === 0 ? 1 : shared.length / union, value };
}
