/** Equality of tool calls, as the rewards judge it (ToolExpander §3.3: exact names and arguments). */
import type { ToolCall } from "../../schemas/samples.ts";
import { isExactNumber, isJsonObject, MAX_DEPTH, sameNumber } from "./json.ts";

/**
 * True when both are the same multiset of calls: order is free, a repeated call must be repeated as often. Arguments are
 * equal as JSON values: key order is free, list order matters, 1 is neither "1" nor true, 1 and 1.0 are one number.
 */
export function sameCalls(gold: readonly ToolCall[], predicted: readonly ToolCall[]): boolean {
  return gold.length === predicted.length && unmatchedCalls(gold, predicted).missing.length === 0;
}

/** The gold calls that were not made and the calls made without a gold call, each in their own order. */
export function unmatchedCalls(
  gold: readonly ToolCall[],
  predicted: readonly ToolCall[],
): { missing: ToolCall[]; extra: ToolCall[] } {
  const extra = [...predicted];
  // Equality is transitive, so taking the first match can never spoil a later one.
  const missing = gold.filter((call) => {
    const match = extra.findIndex((other) => call.name === other.name && sameValue(call.arguments, other.arguments));
    if (match === -1) return true;
    extra.splice(match, 1);
    return false;
  });
  return { missing, extra };
}

/**
 * Equality of JSON values by own keys alone. Values nested deeper than the parser allows count as different, so that no
 * value overflows the stack.
 */
export function sameValue(left: unknown, right: unknown, depth = 0): boolean {
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return sameNumber(left, right);
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index], depth + 1));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key], depth + 1))
  );
}

function isNumber(value: unknown): value is Parameters<typeof sameNumber>[0] {
  return typeof value === "number" || isExactNumber(value);
}
