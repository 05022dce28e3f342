/** One sentence on where the calls a policy made first depart from the gold calls. */
import type { ToolCall } from "../../schemas/samples.ts";
import { type ArgumentDifference, compareArguments } from "./argumentDifferences.ts";
import { unmatchedCalls } from "./compare.ts";
import { plain, showValue } from "./display.ts";

/** Without a capital or a full stop, safe to print; undefined when the calls are the same. */
export function firstDifference(gold: readonly ToolCall[], predicted: readonly ToolCall[]): string | undefined {
  const { missing, extra } = unmatchedCalls(gold, predicted);
  const call = missing[0];
  if (call === undefined) return extra[0] && unexpectedCall(extra[0], gold);
  const attempt = extra.find(({ name }) => name === call.name);
  if (attempt !== undefined) return differenceOfArguments(call, attempt);
  if (predicted.length === 0) return `no call was made, expected ${showName(call)}`;
  const instead = extra[0];
  return instead === undefined
    ? `the call of ${showName(call)} is missing`
    : `the call of ${showName(call)} is missing, ${showName(instead)} was called instead`;
}

function unexpectedCall(call: ToolCall, gold: readonly ToolCall[]): string {
  if (gold.length === 0) return `${showName(call)} was called although no tool fits`;
  const wanted = gold.some(({ name }) => name === call.name);
  return wanted ? `${showName(call)} was called once too often` : `${showName(call)} was called without need`;
}

const showName = (call: ToolCall): string => `"${plain(call.name, 64)}"`;

function differenceOfArguments(gold: ToolCall, attempt: ToolCall): string {
  const parts = compareArguments(gold.arguments, attempt.arguments);
  const first = [...parts].find((part) => part.status !== "same") as ArgumentDifference;
  const { path, status, expected, found } = first;
  const argument = `argument "${plain(path, 64)}" of ${showName(gold)}`;
  if (status === "missing") return `${argument} is missing, expected ${showValue(expected)}`;
  if (status === "extra") return `${argument} is ${showValue(found)}, expected none`;
  return `${argument} is ${showValue(found)}, expected ${showValue(expected)}`;
}
