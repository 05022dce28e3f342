/** type, enum, const. */
import { nearest } from "../../nearest.ts";
import { canonical, canonicalOfConstant } from "../canonical.ts";
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { isJsonNumber } from "../numbers.ts";
import type { Run } from "../run.ts";
import { describeType, describeValue, either, quote, TYPE_NAMES, typeWords } from "../words.ts";

export const typeKeywords: Record<string, KeywordCompiler> = {
  type(keyword) {
    const types = typesOf(keyword);
    if (types === undefined) return;
    const accepted = new Set(types);
    if (accepted.has("number")) accepted.add("integer");
    keyword.node.checks.push((value, run) => {
      if (accepted.has(describeType(value))) return true;
      const wanted = either(types.map(typeWords));
      const message = () => `Must be ${wanted}, not ${describeValue(value)}.`;
      return run.fail(keyword.path, "type", message, () => ({
        type: types.length === 1 ? types[0] : types,
        actual: describeType(value),
      }));
    });
  },

  enum(keyword) {
    if (!Array.isArray(keyword.value)) return keyword.malformed("an array of values");
    const values: unknown[] = keyword.value;
    allowed(keyword, values, () => `one of ${either(values.map(quote), 12)}`);
  },

  const(keyword) {
    allowed(keyword, [keyword.value], () => quote(keyword.value));
  },
};

/** The types a value may have; undefined where any will do, as for a name that is no type. */
function typesOf(keyword: KeywordInSchema): string[] | undefined {
  const names = typeof keyword.value === "string" ? [keyword.value] : keyword.strings();
  const unknown = (names ?? []).flatMap((name, index) => (TYPE_NAMES.has(name) ? [] : [{ name, index }]));
  for (const { name, index } of unknown) {
    const steps = Array.isArray(keyword.value) ? [index] : [];
    keyword.report(`${quote(name)} is no JSON Schema type; it is ignored.`, { type: name }, ...steps);
  }
  const malformed = names !== undefined && Array.isArray(keyword.value) && names.length < keyword.value.length;
  if (names === undefined || names.length === 0 || unknown.length > 0 || malformed) return undefined;
  return [...new Set(names)];
}

/** A value must be one of these. The texts of all are made once, so that a long enum costs one look-up. */
function allowed(keyword: KeywordInSchema, values: readonly unknown[], wanted: () => string): void {
  const texts = new Set<string>();
  for (const value of values) {
    const text = canonicalOfConstant(value);
    if (text === undefined) {
      keyword.report(`A value of "${keyword.name}" nests too deep; the keyword is ignored.`);
      return;
    }
    texts.add(text);
  }
  const strings = values.filter((value) => typeof value === "string");
  const simple = values.every((value) => typeof value !== "object" || value === null);
  keyword.node.checks.push((value, run) => {
    if (matches(value, texts, simple, run)) return true;
    if (run.errors === undefined) return false;
    const suggestion = suggestionFor(value, strings, values);
    const hint = typeof suggestion === "string" ? `; did you mean ${quote(suggestion)}?` : ".";
    return run.fail(
      keyword.path,
      keyword.name,
      () => `Must be ${wanted()}, not ${describeValue(value)}${hint}`,
      () => ({ allowedValues: values, ...(suggestion !== undefined && { suggestion }) }),
    );
  });
}

function matches(value: unknown, texts: ReadonlySet<string>, simple: boolean, run: Run): boolean {
  if (simple && typeof value === "object" && value !== null && !isJsonNumber(value)) return false;
  return texts.has(canonical(value, (steps) => run.spend(steps)));
}

const MAX_CANDIDATES = 200;

/** The allowed value that was most likely meant: the same in another case, a near spelling, or the value as a string. */
function suggestionFor(value: unknown, strings: readonly string[], values: readonly unknown[]): unknown {
  if (isJsonNumber(value) || typeof value === "boolean") return strings.find((text) => text === quote(value));
  if (typeof value !== "string" || value.length > 200) return undefined;
  const scalar = values.find(
    (option) => typeof option !== "string" && typeof option !== "object" && String(option) === value,
  );
  if (scalar !== undefined) return scalar;
  const lower = value.toLowerCase();
  if (strings.length > MAX_CANDIDATES) return undefined;
  return strings.find((text) => text.toLowerCase() === lower) ?? nearest(value, strings);
}
