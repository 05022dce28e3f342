/** Numbers and strings. */
import type { KeywordCompiler } from "../compiler.ts";
import { formatNamed } from "../formats.ts";
import { compareNumbers, isJsonNumber, isMultiple, type JsonNumber } from "../numbers.ts";
import { patternOf } from "../patterns/pattern.ts";
import { describeValue, quote } from "../words.ts";
import { sized } from "./sizes.ts";

/** A bound on numbers. */
function bound(words: string, holds: (value: JsonNumber, limit: JsonNumber) => boolean): KeywordCompiler {
  return (keyword) => {
    const limit = keyword.value;
    if (!isJsonNumber(limit)) return keyword.malformed("a number");
    keyword.node.checks.push((value, run) => {
      if (!isJsonNumber(value) || holds(value, limit)) return true;
      const message = () => `Must be ${words} ${quote(limit)}, not ${quote(value)}.`;
      return run.fail(keyword.path, keyword.name, message, () => ({ limit }));
    });
  };
}

/** Length in code points; undefined for what is no string. */
function lengthOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  let length = 0;
  for (let at = 0; at < value.length; at++, length++) if ((value.codePointAt(at) ?? 0) > 0xffff) at++;
  return length;
}

export const scalarKeywords: Record<string, KeywordCompiler> = {
  minimum: bound("at least", (value, limit) => compareNumbers(value, limit) >= 0),
  maximum: bound("at most", (value, limit) => compareNumbers(value, limit) <= 0),
  exclusiveMinimum: bound("more than", (value, limit) => compareNumbers(value, limit) > 0),
  exclusiveMaximum: bound("less than", (value, limit) => compareNumbers(value, limit) < 0),

  multipleOf(keyword) {
    const divisor = keyword.value;
    if (!isJsonNumber(divisor) || compareNumbers(divisor, 0) <= 0) return keyword.malformed("a number above 0");
    keyword.node.checks.push((value, run) => {
      if (!isJsonNumber(value) || isMultiple(value, divisor)) return true;
      const message = () => `Must be a multiple of ${quote(divisor)}, not ${quote(value)}.`;
      return run.fail(keyword.path, "multipleOf", message, () => ({ multipleOf: divisor }));
    });
  },

  minLength: sized("least", "character", lengthOf),
  maxLength: sized("most", "character", lengthOf),

  pattern(keyword) {
    if (typeof keyword.value !== "string") return keyword.malformed("a string");
    const source = keyword.value;
    const pattern = patternOf(source);
    if ("problem" in pattern) return keyword.report(pattern.problem, { pattern: source, reason: pattern.reason });
    keyword.node.checks.push((value, run) => {
      if (typeof value !== "string" || pattern.matches(value, run)) return true;
      const message = () => `Must match the pattern ${quote(source)}, and ${describeValue(value)} does not.`;
      return run.fail(keyword.path, "pattern", message, () => ({ pattern: source }));
    });
  },
};

export const formatKeywords: Record<string, KeywordCompiler> = {
  format(keyword) {
    if (typeof keyword.value !== "string") return keyword.malformed("a string");
    const format = formatNamed(keyword.value);
    if (format === undefined || !keyword.compiler.options.formats) return;
    keyword.node.checks.push((value, run) => {
      if (typeof value !== "string" || format.holds(value)) return true;
      const message = () => `Must be ${format.words}, not ${describeValue(value)}.`;
      return run.fail(keyword.path, "format", message, () => ({ format: keyword.value }));
    });
  },
};
