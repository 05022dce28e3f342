/** Enums that allow nothing, or one value twice. */
import { canonicalOfConstant } from "../canonical.ts";
import { describeValue, quote } from "../words.ts";
import { type FindingRule, finding } from "./finding.ts";

/** Beyond this, the values of an enum are not looked at one by one: a list that long was made by a program. */
const MAX_VALUES = 2_000;

export const enumRule: FindingRule = function* (here) {
  const { enum: values } = here.schema;
  if (!Array.isArray(values)) return;
  if (values.length === 0) {
    yield finding(here, "enum-empty", ["enum"], "The enum is empty, so no value can satisfy it.");
    return;
  }
  const seen = new Map<string, number>();
  for (const [index, value] of values.slice(0, MAX_VALUES).entries()) {
    const text = canonicalOfConstant(value);
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else {
      const shown = typeof value === "object" && value !== null ? describeValue(value) : quote(value);
      yield finding(here, "enum-duplicate", ["enum", index], `The enum lists ${shown} twice.`, { first });
    }
  }
};
