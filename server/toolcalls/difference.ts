/** One sentence on where the calls a policy made first depart from the gold calls. */
import type { ToolCall } from "../../schemas/samples.ts";
import { sameValue, unmatchedCalls } from "./compare.ts";
import { plain, showValue } from "./display.ts";
import { isJsonObject } from "./json.ts";

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

interface Difference {
  /** Keys and list positions that lead to the difference. */
  path: string;
  /** Absent means that the gold, or the attempt, has no value there. */
  expected?: unknown;
  found?: unknown;
}

function differenceOfArguments(gold: ToolCall, attempt: ToolCall): string {
  const difference = differenceOf(gold.arguments, attempt.arguments, "");
  const argument = `argument "${plain(difference.path, 64)}" of ${showName(gold)}`;
  if (!Object.hasOwn(difference, "found")) return `${argument} is missing, expected ${showValue(difference.expected)}`;
  if (!Object.hasOwn(difference, "expected")) return `${argument} is ${showValue(difference.found)}, expected none`;
  return `${argument} is ${showValue(difference.found)}, expected ${showValue(difference.expected)}`;
}

/** Descends into the first differing part as long as both sides are of one kind. Gold order decides which is first. */
function differenceOf(expected: unknown, found: unknown, path: string): Difference {
  if (isJsonObject(expected) && isJsonObject(found)) {
    for (const [key, value] of Object.entries(expected)) {
      const inner = path === "" ? key : `${path}.${key}`;
      if (!Object.hasOwn(found, key)) return { path: inner, expected: value };
      if (!sameValue(value, found[key])) return differenceOf(value, found[key], inner);
    }
    for (const [key, value] of Object.entries(found)) {
      if (!Object.hasOwn(expected, key)) return { path: path === "" ? key : `${path}.${key}`, found: value };
    }
  }
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    const index = expected.findIndex((value, position) => !sameValue(value, found[position]));
    if (index !== -1) return differenceOf(expected[index], found[index], `${path}[${index}]`);
  }
  return { path, expected, found };
}
