/** Bounds on how many items or properties; `sized` serves characters too. */
import { isJsonObject } from "../../json.ts";
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { compareNumbers, isInteger, isJsonNumber, type JsonNumber } from "../numbers.ts";
import { count } from "../words.ts";

/** The keyword's value, where it is a non-negative integer (2.0 is one); otherwise it is reported. */
function limitOf(keyword: KeywordInSchema): number | undefined {
  const { value } = keyword;
  if (isJsonNumber(value) && isInteger(value) && compareNumbers(value, 0) >= 0) return asCount(value);
  keyword.malformed("a whole number of at least 0");
  return undefined;
}

const asCount = (value: JsonNumber): number => Number(typeof value === "object" ? value.rawJSON : value);

/** A bound on the size of some values; `sizeOf` gives undefined for values it does not concern. */
export function sized(bound: "least" | "most", noun: string, sizeOf: (value: unknown) => number | undefined) {
  const compiler: KeywordCompiler = (keyword) => {
    const limit = limitOf(keyword);
    if (limit === undefined) return;
    const { path, name } = keyword;
    keyword.node.checks.push((value, run) => {
      const size = sizeOf(value);
      if (size === undefined || (bound === "least" ? size >= limit : size <= limit)) return true;
      const message = () => `Must have at ${bound} ${count(limit, noun)}, not ${size}.`;
      return run.fail(path, name, message, () => ({ limit, size }));
    });
  };
  return compiler;
}

const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const properties = (value: unknown) => (isJsonObject(value) ? Object.keys(value).length : undefined);

export const objectSizeKeywords: Record<string, KeywordCompiler> = {
  minProperties: sized("least", "property", properties),
  maxProperties: sized("most", "property", properties),
};

export const arraySizeKeywords: Record<string, KeywordCompiler> = {
  minItems: sized("least", "item", items),
  maxItems: sized("most", "item", items),
};

/** Read by `contains`; here only their shape is looked at. */
export const containsSizeKeywords: Record<string, KeywordCompiler> = {
  minContains: (keyword) => void limitOf(keyword),
  maxContains: (keyword) => void limitOf(keyword),
};
