/** Where the arguments of an attempted call depart from those of the gold call, part by part. */
import { sameValue } from "./compare.ts";
import { isJsonObject } from "./json.ts";

export interface ArgumentDifference {
  /** Keys and list positions that lead to the part; empty for the whole. */
  path: string;
  status: "same" | "different" | "missing" | "extra";
  /** Absent where the gold, or the attempt, has no value there. */
  expected?: unknown;
  found?: unknown;
}

/**
 * Every part in the order of the gold, what only the attempt has behind it. Descends into a part that differs as long as
 * both sides are of one kind, lists of different lengths excepted; a part that is the same is one entry.
 */
export function* compareArguments(expected: unknown, found: unknown, path = ""): Generator<ArgumentDifference> {
  if (isJsonObject(expected) && isJsonObject(found)) {
    const inner = (key: string) => (path === "" ? key : `${path}.${key}`);
    for (const [key, value] of Object.entries(expected)) {
      if (Object.hasOwn(found, key)) yield* comparePart(value, found[key], inner(key));
      else yield { path: inner(key), status: "missing", expected: value };
    }
    for (const [key, value] of Object.entries(found)) {
      if (!Object.hasOwn(expected, key)) yield { path: inner(key), status: "extra", found: value };
    }
  } else if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    for (const [index, value] of expected.entries()) yield* comparePart(value, found[index], `${path}[${index}]`);
  } else {
    yield { path, status: sameValue(expected, found) ? "same" : "different", expected, found };
  }
}

function* comparePart(expected: unknown, found: unknown, path: string): Generator<ArgumentDifference> {
  if (sameValue(expected, found)) yield { path, status: "same", expected, found };
  else yield* compareArguments(expected, found, path);
}
