/** Properties of objects. */
import { isJsonObject } from "../../json.ts";
import { nearest } from "../../nearest.ts";
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { evaluate, type Node } from "../node.ts";
import { type Pattern, patternOf } from "../patterns/pattern.ts";
import type { Evaluated, Run } from "../run.ts";
import { quote } from "../words.ts";
import { requireAll } from "./presence.ts";

/** The patterns of patternProperties that can be matched. */
function patternsOf(source: unknown): [pattern: Pattern, key: string][] {
  if (!isJsonObject(source)) return [];
  return Object.keys(source).flatMap((key): [Pattern, string][] => {
    const made = patternOf(key);
    return "problem" in made ? [] : [[made, key]];
  });
}

/** Checks one property by a schema, and notes that it was looked at. */
function property(node: Node, object: Record<string, unknown>, key: string, run: Run, evaluated?: Evaluated): boolean {
  evaluated?.properties.add(key);
  return run.at(key, () => evaluate(node, object[key], run));
}

/** A schema for the whole object, wherever it has this property. */
function dependentSchema(keyword: KeywordInSchema, key: string, node: Node): void {
  keyword.inPlace(node);
  keyword.node.checks.push((value, run, evaluated) => {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return true;
    return evaluate(node, value, run, evaluated);
  });
}

export const objectKeywords: Record<string, KeywordCompiler> = {
  properties(keyword) {
    const nodes = keyword.map();
    keyword.node.checks.push((value, run, evaluated) => {
      if (!isJsonObject(value)) return true;
      run.spend(nodes.length >> 3);
      let valid = true;
      for (const [key, node] of nodes) {
        if (!Object.hasOwn(value, key) || property(node, value, key, run, evaluated)) continue;
        if (run.errors === undefined) return false;
        valid = false;
      }
      return valid;
    });
  },

  patternProperties(keyword) {
    const nodes = new Map(keyword.map());
    for (const key of nodes.keys()) {
      const made = patternOf(key);
      if ("problem" in made) keyword.report(made.problem, { pattern: key, reason: made.reason }, key);
    }
    const patterns = patternsOf(keyword.value);
    keyword.node.checks.push((value, run, evaluated) => {
      if (!isJsonObject(value)) return true;
      let valid = true;
      for (const [pattern, source] of patterns) {
        const node = nodes.get(source);
        for (const key of Object.keys(value)) {
          if (node === undefined || !pattern.matches(key, run)) continue;
          if (!property(node, value, key, run, evaluated)) valid = false;
        }
      }
      return valid;
    });
  },

  additionalProperties(keyword) {
    const node = keyword.child(keyword.value);
    const { properties } = keyword.schema;
    const known = new Set(isJsonObject(properties) ? Object.keys(properties) : []);
    const patterns = patternsOf(keyword.schema.patternProperties);
    // Which properties an unreadable pattern would have covered is unknown, so none is refused.
    const { patternProperties } = keyword.schema;
    if (isJsonObject(patternProperties) && patterns.length < Object.keys(patternProperties).length) return;
    keyword.node.checks.push((value, run, evaluated) => {
      if (!isJsonObject(value)) return true;
      let valid = true;
      for (const key of Object.keys(value)) {
        run.spend(1);
        if (known.has(key) || patterns.some(([pattern]) => pattern.matches(key, run))) continue;
        if (keyword.value === false) valid = unknownProperty(keyword, value, key, known, run);
        else if (!property(node, value, key, run, evaluated)) valid = false;
        else continue;
        if (run.errors === undefined) return false;
      }
      return valid;
    });
  },

  propertyNames(keyword) {
    const node = keyword.child(keyword.value);
    keyword.node.checks.push((value, run) => {
      if (!isJsonObject(value)) return true;
      let valid = true;
      for (const key of Object.keys(value)) if (!run.at(key, () => evaluate(node, key, run))) valid = false;
      return valid;
    });
  },

  $defs: (keyword) => void keyword.map(),
  definitions: (keyword) => void keyword.map(),
};

/** The complaint about a property that no keyword knows; a near name among those the object lacks is offered. */
export function unknownProperty(
  keyword: KeywordInSchema,
  object: Record<string, unknown>,
  key: string,
  known: ReadonlySet<string>,
  run: Run,
): false {
  if (run.errors === undefined) return false;
  const absent = [...known].filter((name) => !Object.hasOwn(object, name));
  const suggestion = absent.length > MAX_CANDIDATES ? undefined : nearest(key, absent);
  const hint = suggestion === undefined ? "." : `; did you mean ${quote(suggestion)}?`;
  const message = () => `The property ${quote(key)} is not known here${hint}`;
  const params = () => ({ additionalProperty: key, ...(suggestion !== undefined && { suggestion }) });
  run.spend(absent.length);
  return run.at(key, () => run.fail(keyword.path, keyword.name, message, params)) as false;
}

/** Names compared with a misspelt one; more would make every error expensive. */
const MAX_CANDIDATES = 200;

export const dependentSchemaKeywords: Record<string, KeywordCompiler> = {
  dependentSchemas(keyword) {
    for (const [key, node] of keyword.map()) dependentSchema(keyword, key, node);
  },
};

export const draft07ObjectKeywords: Record<string, KeywordCompiler> = {
  dependencies(keyword) {
    if (!isJsonObject(keyword.value)) return keyword.malformed("an object of schemas or arrays of strings");
    for (const [key, needs] of Object.entries(keyword.value)) {
      if (!Array.isArray(needs)) dependentSchema(keyword, key, keyword.child(needs, key));
      else
        requireAll(
          keyword,
          needs.filter((name) => typeof name === "string"),
          [key],
          key,
        );
    }
  },
};
