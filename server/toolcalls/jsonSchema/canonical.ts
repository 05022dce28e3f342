/** Equality of JSON values by one text for each value: linear, where comparing in pairs would be quadratic. */
import { canonicalNumber, isJsonNumber } from "./numbers.ts";
import { OutOfBudget } from "./run.ts";

const MAX_DEPTH = 1_000;

/**
 * The same text for values that JSON Schema calls equal: keys in any order, 1 and 1.0 alike.
 * @param spend told of the work before it is done
 * @throws OutOfBudget on nesting deeper than any JSON that was read here, and whatever `spend` throws
 */
export function canonical(value: unknown, spend: (steps: number) => void, depth = 0): string {
  if (typeof value === "string") {
    spend(1 + (value.length >> 6));
    return JSON.stringify(value);
  }
  spend(1);
  if (isJsonNumber(value)) return canonicalNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > MAX_DEPTH) throw new OutOfBudget("depth");
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, spend, depth + 1)).join(",")}]`;
  const members = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member, spend, depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** As canonical, at whatever cost, of a value that came from a file. */
export const canonicalText = (value: unknown): string => canonical(value, () => {});

/** As canonicalText; undefined for a value that nests too deep. */
export function canonicalOfConstant(value: unknown): string | undefined {
  try {
    return canonicalText(value);
  } catch (error) {
    if (error instanceof OutOfBudget) return undefined;
    throw error;
  }
}
