/** Where two records of what made something part. */
import { showValue } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";

export interface Difference {
  /** As `settings.rule`. */
  path: string;
  /** Values as they are shown. */
  before: string;
  now: string;
}

/** The first in the order of the keys; undefined where both say the same. */
export function firstDifference(before: object, now: object, path = ""): Difference | undefined {
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(key), right.get(key)];
    const here = path === "" ? key : `${path}.${key}`;
    const difference =
      isJsonObject(a) && isJsonObject(b)
        ? firstDifference(a, b, here)
        : a === b
          ? undefined
          : { path: here, before: shown(a), now: shown(b) };
    if (difference !== undefined) return difference;
  }
  return undefined;
}

const shown = (value: unknown): string => (value === undefined ? "none" : showValue(value, 80));
