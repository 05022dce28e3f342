/** Predicted against gold calls as plain data for a view: call by call, argument by argument. */
import type { CallDifference } from "../../schemas/rolloutView.ts";
import type { ToolCall } from "../../schemas/samples.ts";
import { compareArguments } from "./argumentDifferences.ts";
import { unmatchedCalls } from "./compare.ts";
import { plain, showValue } from "./display.ts";

const mostArguments = 60;
const longestValue = 400;

/**
 * Gold calls first, in their order: each beside the equal call, or else beside the first unmatched attempt at the same
 * tool. Calls that answer to no gold call come last. Safe to show: short, control characters escaped.
 */
export function callDifferences(gold: readonly ToolCall[], predicted: readonly ToolCall[]): CallDifference[] {
  const { missing, extra } = unmatchedCalls(gold, predicted);
  const attempts = [...extra];
  const answers = gold.map((call): CallDifference => {
    if (!missing.includes(call)) return describe(call, call, "same");
    const place = attempts.findIndex(({ name }) => name === call.name);
    const [attempt] = place === -1 ? [] : attempts.splice(place, 1);
    return attempt ? describe(call, attempt, "different") : describe(call, undefined, "missing");
  });
  return [...answers, ...attempts.map((call) => describe(undefined, call, "extra"))];
}

function describe(
  gold: ToolCall | undefined,
  attempt: ToolCall | undefined,
  status: CallDifference["status"],
): CallDifference {
  const all: CallDifference["arguments"] = [];
  let more = 0;
  for (const { path, status, ...values } of compareArguments(gold?.arguments ?? {}, attempt?.arguments ?? {})) {
    if (all.length === mostArguments) {
      more++;
      continue;
    }
    all.push({
      path: plain(path, 120),
      status,
      ...(Object.hasOwn(values, "expected") && { expected: showValue(values.expected, longestValue) }),
      ...(Object.hasOwn(values, "found") && { found: showValue(values.found, longestValue) }),
    });
  }
  return { name: plain(gold?.name ?? attempt?.name ?? "", 64), status, arguments: all, more };
}
